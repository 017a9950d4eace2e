# What every key of steps does. Nothing is left in the scratch folder's place.
export TMPDIR=$PWD/tmp HOME=$PWD
unset DEEPSQUARE_TMP DEEPSQUARE_SHARED_TMP XDG_CACHE_HOME OMP_NUM_THREADS SLURM_TMPDIR
mkdir tmp work
cat >w.yaml <<END
resources: {tasks: 1, cpusPerTask: 2, memPerCpu: 500, gpus: 2}
env:
  - {key: A, value: job}
  - {key: B, value: job}
  - {key: C, value: job}
steps:
  - name: variables
    run:
      command: |
        echo "\$A \$B \$C \$NTASKS \$CPUS_PER_TASK \$MEM_PER_CPU \$GPUS \$CPUS \$MEM"
        for v in "\$DEEPSQUARE_INPUT" "\$DEEPSQUARE_OUTPUT" "\$DEEPSQUARE_ENV"; do echo "\${v#\$STORAGE_PATH}"; done
        echo "\${DEEPSQUARE_TMP#\$HOME}"
        stat -c %a "\$STORAGE_PATH" "\$DEEPSQUARE_INPUT" "\$DEEPSQUARE_OUTPUT" "\$DEEPSQUARE_ENV" "\$DEEPSQUARE_TMP"
        [ "\$PWD" = "\$STORAGE_PATH" ] && echo 'starts in scratch'
        [ "\$OMP_NUM_THREADS" -le 2 ] && echo 'threads'
        printf '# comment\nno variable\nC=handed over\nD=' >>"\$DEEPSQUARE_ENV"
      env: [{key: B, value: step}, {key: C, value: step}]
  - name: handed
    run: {command: 'echo "\$B, \$C, \${D-unset}"', env: [{key: C, value: step}]}
  - name: shell and folder
    run: {command: 'echo "\${BASH_VERSION:+bash} \${PWD##*/}"', shell: /bin/bash, workDir: $PWD/work}
  - name: no folder
    run: {command: 'echo here', workDir: /proc/no/folder}
  - name: third
    dependsOn: [fourth]
    run: {command: echo third}
  - name: fourth
    run: {command: echo fourth}
  - name: true
    if: '3 -eq 3 && "\$C" = "handed over"'
    run: {command: echo true}
  - name: false
    if: '-f /no/such/file'
    run: {command: echo never}
  - steps:
      - {name: nested, run: {command: echo nested}}
  - name: items
    for: {parallel: false, items: [a, 'b c; echo injected'], steps: [{run: {command: 'echo "\$index \$item"'}}]}
  - name: range
    for:
      parallel: false
      range: {begin: 4, end: 1, increment: -2}
      steps: [{name: pass, run: {command: 'echo "\$index"'}, finally: [{name: after, run: {command: 'echo "after \$item"'}}]}]
  - name: at once
    for:
      parallel: true
      range: {begin: 1, end: 3}
      # Each waits for the others: only side by side does this end.
      steps: [{run: {command: 'touch \$STORAGE_PATH/\$index; until [ -e \$STORAGE_PATH/1 -a -e \$STORAGE_PATH/2 -a -e \$STORAGE_PATH/3 ]; do sleep 0.02; done'}}]
  - name: leaves something behind
    run: {command: 'sleep 1000 & echo started'}
END
"$DLA_TRAIN" w.yaml 2>err || { echo "status $?"; cat err; }
grep warning err | sed "s,$PWD,PWD,; s/dla-......$/dla-/"
ls -A tmp work
