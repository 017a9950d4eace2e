# What a key means on the grid it means here: catch, finally and launch, keys that ask for nothing, images, the
# name of an upload.
export TMPDIR=$PWD HOME=$PWD
unset XDG_CACHE_HOME SLURM_JOB_ID
R='resources: {tasks: 2, cpusPerTask: 1, memPerCpu: 100, gpusPerTask: 3}'
run() {
  printf '%s\n' "$R" "$@" >w.yaml
  "$DLA_TRAIN" run w.yaml 2>err
  status=$?
  [ $status = 0 ] || { echo "status $status"; cat err; }
}
echo "== a catch that succeeds lets the job go on"
run 'steps:' '- {name: a, run: {command: exit 5}, catch: [{run: {command: "echo catch $DEEPSQUARE_ERROR_CODE"}}],
    finally: [{run: {command: "echo finally $DEEPSQUARE_ERROR_CODE"}}]}' \
  '- {name: b, run: {command: "true"}, finally: [{run: {command: "echo then $DEEPSQUARE_ERROR_CODE"}}]}' \
  '- {name: nothing, catch: [{name: c}]}' '- {name: only a name catches, run: {command: exit 1}, catch: [{name: c}]}' \
  '- {if: "", run: {command: "echo code ${DEEPSQUARE_ERROR_CODE-none}, gpus $GPUS $GPUS_PER_TASK"}}'
grep 'goes on' err
run 'steps: [{name: a, run: {command: exit 7}, catch: [{for: {parallel: false, items: [x], steps: [{run: {command: "echo $item $DEEPSQUARE_ERROR_CODE"}}]}}]}]'
run 'steps: [{name: a, run: {command: exit 5}, finally: [{run: {command: "echo finally $DEEPSQUARE_ERROR_CODE"}}]}]'
echo "== launch"
run 'steps:' '- launch: {handleName: Task_1, steps: [{run: {command: "until [ -f go ]; do sleep 0.1; done; echo launched"}}]}' \
  '- run: {command: echo beside}' '- run: {command: touch go}' '- {dependsOn: [task_1], run: {command: echo behind}}'
run 'steps:' '- {name: l, launch: {steps: [{run: {command: exit 7}}]}}' '- {dependsOn: [l], run: {command: echo never}}'
run 'steps:' '- launch: {steps: [{run: {command: "trap \"echo told to end; exit\" TERM; touch ready; sleep 100 & wait"}}]}' \
  '- run: {command: "until [ -f ready ]; do sleep 0.1; done"}'
run 'steps:' '- launch: {signalOnParentStepExit: 0, steps: [{run: {command: "sleep 0.3; echo ended by itself"}}]}' \
  '- run: {command: "true"}'
echo "== keys that ask for nothing, a workflow below job, ten minutes"
printf '%s\n' "job: {$R, virtualNetworks: [], steps: [{name: a, run: {command: '', network: host, dns: [], mapRoot: false}}," \
  "  {name: b, run: {command: x, x11: false, container: {image: i, mountHome: false, x11: false, username: ''}}}]}" | sed 's/resources: {/resources: {/' >w.yaml
"$DLA_TRAIN" run w.yaml --check | head -n 1
"$DLA_TRAIN" w.yaml --dry-run | grep -e '- [ab]' -e apptainer -e podman -e enroot | sed 's,--[a-z]*=[^ ]* ,,g; s,/.*/,,'
printf '%s\n' 'resources: {tasks: 1000, cpusPerTask: 1, memPerCpu: 1000000, gpus: 0}' 'steps: [{run: {command: x}}]' >w.yaml
"$DLA_TRAIN" run w.yaml --check | sed 's/has [0-9]*$/has less/'
printf 'slurm: {time: 10}\n' >c.yaml
"$DLA_TRAIN" submit c.yaml | grep -e --time
echo "== the host's workDir is made, a user mapped"
run 'steps: [{run: {command: "basename $PWD", workDir: '"$PWD"'/made/here}}]'
command -v unshare >/dev/null && unshare --map-current-user --map-user=77 --mount true 2>/dev/null && maps=yes
[ -z "$maps" ] || run 'steps: [{run: {command: "id -u; id -g", mapUid: 77, mapGid: 78}}, {run: {command: "id -g", mapUid: 77}}]' >ids
[ -z "$maps" ] || [ "$(echo $(cat ids))" = "77 78 $(id -g)" ] || cat ids
mkdir cache below
[ -z "$maps" ] || run "steps: [{run: {command: mount --bind $PWD/cache $PWD/below && touch $PWD/below/kept, mapUid: 0}}]"
[ -z "$maps" ] || [ -f cache/kept ] || echo "root of its own could not mount"
[ ! -f below/kept ] || echo "a mount was left"
exit 0
