# `use` of modules that are local folders: their inputs, outputs, and what is wrong with them.
export TMPDIR=$PWD HOME=$PWD
unset XDG_CACHE_HOME SLURM_JOB_ID WHO
R='resources: {tasks: 1, cpusPerTask: 1, memPerCpu: 100, gpus: 0}'
mkdir -p modules/hello modules/twice modules/itself modules/filled modules/wrong modules/large
cat >modules/hello/module.yaml <<'END'
# {{ .Job }} in a comment is no template
name: Hello
description: Greets
inputs: [{key: WHO, description: Who to greet, default: World}, {key: UNSET, description: nothing}]
outputs: [{key: RESULT, description: The greeting}, {key: NEVER, description: nothing}]
minimumResources: {tasks: 1, cpusPerTask: 1, memPerCpu: 100, gpus: 0}
steps:
- {name: say, run: {command: 'echo "Hello $WHO ${UNSET-unset}"; printf "OTHER=x\nRESULT=Hello $WHO" >>$DEEPSQUARE_ENV'}}
- run: {command: 'echo "inside: $RESULT, $OTHER"'}
END
printf '%s\n' 'steps:' '- use: {source: ../hello, args: [{key: WHO, value: one}], exportEnvAs: ONE}' \
  '- use: {source: ../hello, exportEnvAs: TWO}' '- run: {command: "echo twice: $ONE_RESULT, $TWO_RESULT, $RESULT, $WHO"}' \
  >modules/twice/module.yaml
run() {
  printf '%s\n' "$R" 'steps:' "$@" >w.yaml
  "$DLA_TRAIN" run w.yaml 2>err || { echo "status $?"; cat err; }
}
echo "== inputs and outputs"
run '- use: {source: modules/hello, args: [{key: WHO, value: me}], exportEnvAs: HI}' \
  '- run: {command: "echo behind: $HI_RESULT, $HI_OTHER, $RESULT, $WHO"}' \
  '- use: {source: ./modules/hello}' '- run: {command: "echo behind: $HI_RESULT, $RESULT, $OTHER, $WHO"}'
echo "== a module in a module, in a loop, beside others, after a failure"
run '- use: {source: '"$PWD"'/modules/twice}' '- run: {command: "echo behind: $TWO_RESULT"}'
run '- for: {parallel: false, items: [a, b], steps: [{use: {source: modules/hello, exportEnvAs: HI}}, {run: {command: "echo $item $HI_RESULT"}}]}'
run '- launch: {handleName: l, steps: [{use: {source: modules/hello, exportEnvAs: HI}}]}' '- {dependsOn: [l], run: {command: "echo $HI_RESULT"}}'
run '- {name: m, use: {source: modules/hello, args: [{key: WHO, value: "$(exit 1)"}]}, finally: [{run: {command: "echo finally $WHO."}}]}' \
  '- {if: "1 = 2", use: {source: modules/hello}}'
sed 's/echo "inside.*/exit 5'"'"'}/' modules/hello/module.yaml >modules/large/module.yaml
run '- {name: m, use: {source: modules/large, exportEnvAs: HI}, catch: [{run: {command: "echo caught $DEEPSQUARE_ERROR_CODE $WHO."}}]}' \
  '- run: {command: "echo behind: $HI_RESULT."}'
find . -name 'env-*'
echo "== filled in with the job's resources"
printf '%s\n' 'minimumResources: {tasks: {{ .Job.Resources.Tasks }}, cpusPerTask: 1, memPerCpu: {{.Job.Resources.MemPerCPU}}, gpus: {{ .Job.Resources.GPUs }}}' 'steps:' \
  '- for: {parallel: false, range: {begin: 1, end: {{ .Job.Resources.Tasks }}}, steps: [{run: {command: "echo {{ .Job.Resources.CPUsPerTask }} {{ .Job.Resources.MemPerCPU }}"}}]}' \
  >modules/filled/module.yaml
run '- use: {source: modules/filled}'
printf '%s\n' 'steps: [{use: {source: modules/filled}}]' "$R" | sed 's/tasks: 1/tasks: 2/' >w.yaml
"$DLA_TRAIN" run w.yaml 2>err || cat err
# A # in a block of text is none of YAML's comments.
printf '%s\n' '# {{ .Step.Name }}' 'steps:' '  - run:' '      command: |' '        cat <<X' '        # {{ .Job.Resources.Tasks }} tasks' '        X' >modules/filled/module.yaml
"$DLA_TRAIN" run w.yaml 2>err || cat err
echo "== planned"
printf '%s\n' "$R" 'steps: [{name: m, use: {source: modules/hello}}]' >w.yaml
"$DLA_TRAIN" run w.yaml --dry-run | sed -n '/the module/,/say/p'
echo "== what is wrong"
printf '%s\n' 'steps: [{use: {source: .}}]' >modules/itself/module.yaml
printf '%s\n' 'name: f' 'steps:' '{{- .Step.Use.Steps | toYaml }}' '- run: {command: "echo {{ .Job.Resources.Tasks }} {{ .Step.Name }} {{ .Job."}' 'steps: x' >modules/filled/module.yaml
printf '%s\n' 'name: w' 'inputs: [{key: "A B"}, {kei: A}]' 'outputs: [{key: A, despcription: x}]' \
  'steps: [{run: {command: x, network: pasta}}, {name: a, dependsOn: [b]}]' 'step: []' >modules/wrong/module.yaml
sed 's/memPerCpu: 100, gpus: 0/memPerCpu: 200, gpusPerTask: 1/' modules/hello/module.yaml >modules/large/module.yaml
: >modules/module.yaml
run '- use: {source: github.com/a/b@1, exportEnvAs: "A B"}' '- use: {source: modules/hello, args: [{key: WHOM, value: me}], steps: [{name: a}]}' \
  '- use: {source: modules/itself}' '- use: {source: modules/filled}' '- use: {source: modules/wrong}' \
  '- use: {source: modules/large}' '- use: {source: modules}' '- {use: {source: modules/hello}, run: {command: x}}' \
  '- use: {sauce: x}' '- use: x'
printf '%s\n' 'resources: {tasks: x, cpusPerTask: 1, memPerCpu: 1, gpusPerTask: y}' 'steps: [{use: {source: modules/large}}]' >w.yaml
"$DLA_TRAIN" run w.yaml 2>&1
mkdir modules/net
printf '%s\n' 'inputs: [{key: WHO}]' 'steps: [{run: {command: x, network: pasta}}]' >modules/net/module.yaml
run '- use: {source: modules/net, args: [{key: WHOM, value: me}]}'
mkdir modules/beside modules/choice
printf '%s\n' 'inputs: [{key: WHO}]' 'steps:' '{{- .Step.Use.Steps | toYaml }}' '- run:' '    command: echo {{ .Step.Name }}' \
  '    shell: {{ .Step.Name }}' '    network: pasta' '    workDir: here' '  finally:' '  {{- .Step.Use.Steps | toYaml | nindent 2 }}' \
  '- run: {comand: x}' >modules/beside/module.yaml
printf '%s\n' 'steps:' '- run:' '{{ if .Step.Name }}' '    command: a' '{{ else }}' '    command: b' '{{ end }}' '    network: pasta' \
  >modules/choice/module.yaml
run '- use: {source: modules/beside, args: [{key: WHOM, value: me}]}' '- use: {source: modules/choice}'
printf '%s\n' 'steps: [{name: a, run: {command: x, shell: /no/shell}}]' >modules/module.yaml
run '- use: {source: modules}'
exit 0
