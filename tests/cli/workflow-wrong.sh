# Every mistake in a workflow file is one line with its place.
try() {
  printf '%s\n' "$@" >w.yaml
  "$DLA_TRAIN" run w.yaml --check
  [ $? = 2 ] || echo "status: $*"
}
# What only this node lacks is an error where the file runs.
here() {
  printf '%s\n' "$@" >w.yaml
  "$DLA_TRAIN" run w.yaml
  [ $? = 2 ] || echo "status: $*"
}
R='resources: {tasks: 1, cpusPerTask: 1, memPerCpu: 10, gpus: 0}'
S='steps: [{name: a, run: {command: x}}]'
S3='region: r, bucketUrl: "s3://b", path: /, accessKeyId: key, secretAccessKey: let-me-in, endpointUrl: "http://h"'
# The file, the job.
try ''
try '- a'
try "$R" 'steps: ['
try "$R" 'env:' '- key: "A",' '  value: b' "$S"
try '{"resources": {"tasks": 1' '  "gpus": 0}}'
try "$R" 'steps:' "$(printf '\t')- a"
try "$R" "steps: $(printf '\001')" "$S"
try "$S"
try "$R"
try "$R" "$S" 'stps: 1'
try "$R" "$S" 'virtualNetworks: [{name: a, gatewayAddress: 10.0.0.1/24}]'
try "$R" "$R" "$S"
try "$R" "$S" 'enableLogging: yes'
try "$R" "$S" 'inputMode: 0700'
try "$R" "$S" 'inputMode: 512'
try "$R" "$S" 'env: {A: b}'
try "$R" "$S" 'env: [{key: "A B", value: c}]'
try "$R" "$S" 'env: [{value: c}]'
try "$R" "$S" 'env: [{key: a, vaule: c}]'
try 'resources: {tasks: 0, cpusPerTask: 1, memPerCpu: 10, gpus: 0}' "$S"
try 'resources: {tasks: 1, cpusPerTask: 1, gpus: 0}' "$S"
try 'resources: {tasks: 1, cpusPerTask: 1, memPerCpu: 10}' "$S"
try 'job: {steps: []}' 'other: 1'
# Transfers.
try "$R" "$S" 'input: {}'
try "$R" "$S" 'input: {ftp: {}}'
try "$R" "$S" 'input: {http: {url: "file:///etc/passwd"}}'
try "$R" "$S" "output: {http: {url: \"http://h/\"}, s3: {$S3}}"
try "$R" "$S" "output: {s3: {$S3, acl: x}}"
try "$R" "$S" "output: {s3: {$(echo "$S3" | sed 's,s3://b,b,')}}"
try "$R" "$S" "output: {s3: {$(echo "$S3" | sed 's,path: /,path: p,')}}"
try "$R" "$S" "output: {s3: {$(echo "$S3" | sed 's,s3://b,s3://b:9000,')}}"
try "$R" "$S" "output: {s3: {$(echo "$S3" | sed 's,http://h,h,')}}"
try "$R" "$S" "output: {s3: {$(echo "$S3" | sed 's/let-me-in/[let-me-in]/')}}"
# What the transfer would refuse before its first request, each with its own line.
try "$R" "$S" 'output:' '  s3:' '    path: /' '    region: '"us$(printf '\342\200\221')east" '    accessKeyId: k' '    secretAccessKey: "let me\nin"' \
  '    bucketUrl: s3://a?b' '    endpointUrl: http://me:let-me-in@h'
printf '%s\n' "$R" "$S" 'input: {http: {url: "http://me:let-me-in@h:x/"}}' >w.yaml
"$DLA_TRAIN" run w.yaml --check 2>&1 | sed 's/no URL: .* (/no URL (/' >&2
try "$R" "$S" 'output:' '  s3:' '    region: r' '    accessKeyId: k' '    secretAccessKey: let-me-in' \
  '    bucketUrl: b' '    path: p' '    endpointUrl: "https:///"'
try "$R" "$S" "output: {s3: {$(echo "$S3" | sed 's/let-me-in//')}}"
# Steps.
try "$R" 'steps: {a: b}'
try "$R" 'steps: [{run: {command: x}, steps: []}]'
try "$R" 'steps: [{launch: {handle: a}}]'
try "$R" 'steps: [{launch: {steps: [], signalOnParentStepExit: 99}}]'
try "$R" 'steps: [{use: {source: x}}]'
try "$R" 'steps: [{run: {comand: x}}]'
try "$R" 'steps: [{run: {command: x, network: pasta, dns: [1.1.1.1]}}]'
try "$R" 'steps: [{run: {command: x, mapUid: -1, mpi: openmpi}}]'
try "$R" 'steps: [{run: {command: x, shell: ENTRYPOINT}}]'
try "$R" 'steps: [{run: {command: [x]}}]'
try "$R" 'steps: [{run: {command: x, shell: bash}}]'
here "$R" 'steps: [{run: {command: x, shell: /no/shell}}]'
try "$R" 'steps: [{run: {command: x, workDir: app}}]'
try "$R" 'steps: [{run: {command: x, resources: {gpus: 1}}}]'
try "$R" 'steps: [{train: text}]'
try "$R" 'steps: [{run: {command: x}, dependsOn: [b]}, {name: c, run: {command: x}}]'
try "$R" 'steps: [{name: a, run: {command: x}, dependsOn: [b]}, {name: b, run: {command: x}, dependsOn: [a]}]'
try "$R" 'steps: [{for: {steps: [], items: [a]}}]'
try "$R" 'steps: [{for: {parallel: true, steps: []}}]'
try "$R" 'steps: [{for: {parallel: true, steps: [], items: [a], range: {begin: 1, end: 2}}}]'
try "$R" 'steps: [{for: {parallel: true, steps: [], range: {begin: 1, end: 2, increment: 0}}}]'
try "$R" 'steps: [{for: {parallel: true, steps: [], range: {begin: 1, end: 257}}}]'
try "$R" 'steps: [{for: {parallel: false, steps: [], range: {begin: 1, end: 200000}}}]'
# A step's training config, whatever its variables will be.
try "$R" 'steps:' '- {train: {optimizer: {lrr: 0.1}}}' '- train:' '    train:' '      epochs: x' '    model: {name: n}' \
  '- {run: {comand: x}}' '- train: {model: {classes: 1}}' '- train: {checkpoint: {out: "$ x"}}' \
  '- train: {dataset: {path: $A, train: $B}, output: {s3: {bucketUrl: "s3://$C", storageClass: $D}}, checkpoint: {out: $DEEPSQUARE_OUTPUT/c}}'
# An `if` is parsed by bash, and not run.
try "$R" 'steps:' '- {name: a, if: "(", run: {comand: x}}' '- name: b' '  if: a b' '- {if: "[a = $(touch ran)", name: c}' \
  '- {if: "3 -eq 3 && ! ( \"${T}\" = t* || -n $(touch ran) )", name: d}' '- {if: "x ]]; touch ran; [[ x", name: e}' '- {if: " ", name: f}'
[ ! -e ran ] || echo "it was run"
# Containers.
try "$R" 'steps: [{run: {command: x, container: {registry: r}}}]'
try "$R" 'steps: [{run: {command: x, container: {image: "--privileged"}}}]'
try "$R" 'steps: [{run: {command: x, container: {image: i, registry: "a b"}}}]'
try "$R" 'steps: [{run: {command: x, container: {image: /../etc/x.sif, username: me, password: let-me-in}}}]'
try "$R" 'steps: [{run: {command: x, container: {image: /../etc/x.sif}}}]'
try "$R" 'steps: [{run: {command: x, container: {image: i, mounts: [{hostDir: "/a,/etc", containerDir: /b, options: ro}]}}}]'
try "$R" 'steps: [{run: {command: x, container: {image: i, mounts: [{hostDir: /a, containerDir: b, options: ro}]}}}]'
try "$R" 'steps: [{run: {command: x, container: {image: i, mounts: [{hostDir: /a, containerDir: /b, options: "ro,suid"}]}}}]'
PATH=/nothing here "$R" 'steps: [{name: a, run: {command: x, container: {image: i}}}]'
PATH=/nothing here "$R" 'steps: [{name: a, run: {command: x, resources: {tasks: 2}}}]'
PATH=/nothing here "$R" 'steps: [{name: a, if: 1, run: {command: x}}]'
here "$R" 'steps: [{name: a, run: {command: x, container: {image: i, deepsquareHosted: true}}}]'
# All at once.
try "$R" 'env: [{key: 1}]' 'steps:' '- {name: a, use: {source: github.com/a/b@c}}' '- run: {comand: x, network: slirp4netns}' \
  '- {run: {command: x, shell: bash}, steps: []}' 'outptu: {}'
try 'resources: {tasks: 0}' "output: {s3: {$(echo "$S3" | sed 's,s3://b,b,; s,path: /,path: p,; s,http://h,h,'), acl: x}}" 'steps:' \
  '- {name: a, dependsOn: [c], for: {parallel: true, items: [[x], [y]], range: {begin: 1}}, steps: [{run: {command: x}}]}' \
  '- {name: b, dependsOn: [d, a], run: {command: x, container: {image: i, mounts: [{hostDir: a, containerDir: b, options: x, mode: 1}]}}}'
# Keys in the wrong place, as older files of the grid have them.
try "$R" 'gpusPerTask: 1' 'steps:' '- {name: a, network: slirp4netns, command: x}' \
  '- run: {command: x, image: i, x11: true, mounts: [], resources: {gpus: 1}, container: {image: i, workDir: /app, mpi: none}}'
try "$R" 'steps:' '- name: a' '  command: x' '  env: [{key: "A B"}]' '  workDir: app' '  mapRoot: true' '  x11: true' \
  '  container:' '    registry: "a b"' '    image: i' '    username: me' '    password: let-me-in' \
  '- run:' '    command: x' '    image: "-i"' '    mounts: [{hostDir: a, containerDir: /b, options: ro}]' '    username: me' \
  'output: {http: {path: /}}'
# The values of such keys, wherever the right place is there, too; keys that are there twice; what stands around a fault.
try "$R" 'tasks: zero' 'steps:' '- image: "-i"' '  workDir: app' '  shell: sh' '  tasks: 0' '  items: [[a]]' '  signalOnParentStepExit: 77' \
  '  run:' '    command: x' '    mounts: [{hostDir: a, containerDir: /b, options: ro}]' '    gpusPerTask: -1' '    container: {registry: r}' \
  'input: {region: "a b", bucketUrl: b}' 'output: {url: ftp}'
try "$R" "$R" 'env: [A, {key: "A B"}, {key: C, key: D, vaule: x}]' '? [a]' ': b' 'steps:' \
  '- {launch: {steps: [{run: {}}], signalOnParentStepExit: 88}}' \
  '- {for: {parallel: true, steps: [{run: {}}], range: {begin: 1, end: 999}}}' \
  '- {for: {parallel: true, steps: [], range: {begin: x, end: 999, increment: 0}}}' 'steps: []'
# A value's line, where it is not the first of its mapping.
try "$R" 'steps:' '- name: a' '  run:' '    command: x' '    shell: bash' '    workDir: app' '    mpi: openmpi' '    container:' '      readOnlyRootFS: true' \
  '      image: "-i"' '      registry: "a b"' '      mounts:' '      - containerDir: b' '        hostDir: a' '        options: x' \
  '    env:' '    - value: x' '      key: A B' \
  '- launch:' '    steps: []' '    signalOnParentStepExit: 99' \
  '- for:' '    steps: []' '    parallel: true' '    range:' '      begin: 1' '      end: 2' '      increment: 0' \
  '- use:' '    exportEnvAs: A B' '    source: nowhere'
try "$R" 'steps:' '- for:' '    steps: []' '    parallel: true' '    range: {begin: 1, end: 1000}'
try "$R" 'steps:' '- name: a' '  run: {command: x}' '  dependsOn: [b]' '- name: c' '  run: {command: x}' '  dependsOn: [c]'
try "$R" 'steps:' '- name: c' '  run: {command: x}' '  dependsOn: [c]'
# A name that several steps have: only one would be awaited.
try "$R" 'steps:' '- launch: {handleName: t, steps: []}' '- launch: {handleName: T, steps: []}' '- {name: a}' '- {name: a}' \
  '- {name: T, dependsOn: [t]}' '- {name: b, dependsOn: [a, b1]}' '- {launch: {handleName: b1, steps: []}}' '- {name: b1}'
# The command line.
"$DLA_TRAIN" run
"$DLA_TRAIN" run w.yaml w.yaml
"$DLA_TRAIN" run w.yaml --dry-run --render-sbatch
"$DLA_TRAIN" run missing.yaml
"$DLA_TRAIN" run --dryrun w.yaml
exit 0
