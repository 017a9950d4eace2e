# --dry-run and --render-sbatch of one file; the script is one that a shell takes, and runs the file.
export TMPDIR=/scratch HOME=/home/somebody
unset DEEPSQUARE_TMP DEEPSQUARE_SHARED_TMP XDG_CACHE_HOME SLURM_TMPDIR
cat >"w 1.yaml" <<'END'
resources: {tasks: 1, cpusPerTask: 2, memPerCpu: 500, gpus: 1}
enableLogging: true
env: [{key: TOKEN, value: let-me-in}]
inputMode: 448
input: {http: {url: 'http://me:let-me-in@127.0.0.1:1/data.tar.gz?sign=let-me-in'}}
output:
  s3: {region: r, bucketUrl: "s3://bucket/\n", path: /run, accessKeyId: key, secretAccessKey: let-me-in, endpointUrl: 'http://127.0.0.1:1', deleteSync: true}
continuousOutputSync: true
steps:
  - name: second
    dependsOn: [first]
    if: '"$A" = b'
    run: {command: 'echo let-me-in "$TOKEN"', env: [{key: B, value: let-me-in}]}
    catch: [{run: {command: echo caught}}]
    finally: [{run: {command: echo finally}}]
  - name: first
    for: {parallel: true, items: [a, b], steps: [{name: in, steps: [{name: deep, train: {train: {epochs: 1}}}]}]}
END
"$DLA_TRAIN" "w 1.yaml" --dry-run || exit
"$DLA_TRAIN" run --render-sbatch --no-container --keep "w 1.yaml" >script || exit
sed "s,^.*dla-train' run\|^.*dla-train run,dla-train run,; s,$PWD,PWD," script
sh -n script
# A cluster without GPUs refuses a script that asks for some.
"$DLA_TRAIN" run --render-sbatch --no-gpus "w 1.yaml" | grep -e --gpus
"$DLA_TRAIN" run --no-gpus "w 1.yaml"
echo "status $?"
