# The command lines of containers and launchers, as programs in $PATH receive them.
export TMPDIR=$PWD/tmp HOME=$PWD
unset DEEPSQUARE_TMP DEEPSQUARE_SHARED_TMP XDG_CACHE_HOME OMP_NUM_THREADS SLURM_JOB_ID SLURM_TMPDIR
mkdir tmp bin tools
for tool in sh basename sed env; do ln -s "$(command -v $tool)" tools/$tool; done
cat >fake <<'END'
#!/bin/sh
# Prints its arguments, one a line, and what a container would see of the variables.
basename "$0" | sed 's/^/== /'
for argument in "$@"; do echo "$argument" | sed "s,$TMPDIR/.dla-......,SCRATCH,; s,$HOME,HOME,g"; done
echo "-- $STORAGE_PATH $DEEPSQUARE_INPUT $DEEPSQUARE_ENV $DEEPSQUARE_TMP $A" | sed "s,$TMPDIR/.dla-......,SCRATCH,g; s,$HOME,HOME,g"
END
chmod +x fake
cat >w.yaml <<'END'
resources: {tasks: 2, cpusPerTask: 1, memPerCpu: 100, gpus: 0}
env: [{key: A, value: "secret value"}]
steps:
  - name: a/b
    run:
      command: echo "$item"; echo 'two words'
      shell: /bin/bash
      workDir: /it's here
      container:
        image: library/alpine:latest
        registry: registry-1.docker.io
        apptainer: true
        mounts: [{hostDir: /data, containerDir: /mnt, options: ro}]
  - run: {command: hostname, container: {image: /images/own.sif}}
END
# Only apptainer runs its own files, and podman runs no file.
take() {
  case $1 in
    podman) sed 's,image: /[a-z]*/\([a-z]*\).sif,image: a/\1,' "$2" >taken.yaml ;;
    enroot) sed 's,\.sif,.sqsh,' "$2" >taken.yaml ;;
    *) cp "$2" taken.yaml ;;
  esac
}
for runtime in apptainer podman enroot; do
  rm -f bin/*
  cp fake bin/$runtime
  take $runtime w.yaml
  PATH=$PWD/bin:$PWD/tools "$DLA_TRAIN" run taken.yaml 2>/dev/null || echo "status $?"
done
cat >e.yaml <<'END'
resources: {tasks: 1, cpusPerTask: 1, memPerCpu: 100, gpus: 0}
steps:
  - run: {command: '', container: {image: a/b}}
  - run: {command: "one 'two words' $HOME", shell: ENTRYPOINT, mapUid: 0, container: {image: /output/my.sif, readOnlyRootFS: true, mountHome: true}}
  - run: {command: '', container: {image: "alpine:3", registry: registry-1.docker.io}}
  - run: {command: '', container: {image: localhost/mine, registry: ""}}
END
for runtime in apptainer podman enroot; do
  rm -f bin/*
  cp fake bin/$runtime
  echo "==== what the image starts"
  take $runtime e.yaml
  PATH=$PWD/bin:$PWD/tools "$DLA_TRAIN" run taken.yaml 2>/dev/null | grep -v -e '/dla-train/' -e --env= -e SCRATCH:/deepsq || echo "status $?"
done
echo "==== a file that the runtime cannot run"
PATH=$PWD/bin:$PWD/tools "$DLA_TRAIN" run e.yaml 2>&1 || echo "status $?"
cp fake bin/podman
rm bin/enroot
PATH=$PWD/bin:$PWD/tools "$DLA_TRAIN" run e.yaml 2>&1 || echo "status $?"
PATH=$PWD/bin:$PWD/tools "$DLA_TRAIN" run e.yaml --check 2>&1 || echo "status $?"
echo "steps: [{run: {command: x, container: {image: a/b, deepsquareHosted: true}}}]" | sed "1i $(head -n 1 e.yaml)" >h.yaml
PATH=$PWD/bin:$PWD/tools "$DLA_TRAIN" run h.yaml 2>&1
PATH=$PWD/bin:$PWD/tools "$DLA_TRAIN" run e.yaml --no-container 2>&1
echo "==== no container"
sed -i 's/hostname/echo on the host/' w.yaml
PATH=$PWD/bin:$PWD/tools "$DLA_TRAIN" run w.yaml --no-container 2>/dev/null || echo "status $?"
echo "==== several tasks"
cat >w.yaml <<'END'
resources: {tasks: 4, cpusPerTask: 1, memPerCpu: 100, gpus: 0}
steps:
  - name: mpi
    resources: {gpusPerTask: 2}
    run: {command: hostname, resources: {tasks: 4, cpusPerTask: 3, memPerCpu: 50}}
END
rm -f bin/*
for launcher in srun mpirun; do
  cp fake bin/$launcher
  PATH=$PWD/bin:$PWD/tools "$DLA_TRAIN" run w.yaml 2>/dev/null || echo "status $?"
done
SLURM_JOB_ID=1 PATH=$PWD/bin:$PWD/tools "$DLA_TRAIN" run w.yaml 2>/dev/null || echo "status $?"
echo "==== a folder that cannot be mounted"
cat >w.yaml <<'END'
resources: {tasks: 1, cpusPerTask: 1, memPerCpu: 100, gpus: 0}
steps: [{name: c, run: {command: hostname, container: {image: i}}}]
END
cp fake bin/podman
mkdir a:b
TMPDIR=$PWD/a:b PATH=$PWD/bin:$PWD/tools "$DLA_TRAIN" run w.yaml 2>&1 | sed "s,$PWD,PWD,; s,/.dla-......,/.dla-,"
