# The reader is gone before anything is written.
mkfifo pipe
sleep 5 <pipe &
exec 3>pipe
kill $!
wait $! 2>/dev/null
"$DLA_TRAIN" --config-schema >&3
