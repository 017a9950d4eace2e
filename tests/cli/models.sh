# Built-in networks by name: how many parameters and multiply-adds each has, what is refused, and one with groups
# that trains, goes on to the byte, is evaluated folded, and keeps its numbers as .pth.
. "$DLA_SRCDIR/tests/cli/resume_fixture.sh"
for name in simple_dla dla dla_fast; do
  "$DLA_TRAIN" graph --summary --json model.name=$name | jq -r '"'$name' \(.parameters) \(.macs) \(.layers | length)"'
done
for name in dla34 dla46_c dla46x_c dla60 dla60x dla60x_c dla102 dla102x dla102x2 dla169; do
  "$DLA_TRAIN" graph --json model.name=$name model.image_size=224 model.classes=1000 |
    jq -r '"'$name' \(.parameters) \(.macs) \(.layers | length)"'
done
"$DLA_TRAIN" graph --summary model.width=0.5 | tail -n 1
"$DLA_TRAIN" graph model.name=dla_34 2>&1
"$DLA_TRAIN" graph model.name=dla34 model.image_size=100 2>&1
"$DLA_TRAIN" graph model.name=dla46x_c model.width=0.3 2>&1
for name in simple_dla dla dla34; do
  "$DLA_TRAIN" graph --program model.name=$name model.drop_path=0.1 | grep -c ' stochastic_depth forward'
done
"$DLA_TRAIN" graph model.graph=net.yaml model.drop_path=0.1 2>&1
sized() {
  folder "$1"
  sed -i 's/graph: net.yaml/name: dla46x_c, width: 0.5, image_size: 32/; s/epochs: 3/epochs: 2/' c.yaml
}
goes_on sized once twice
"$DLA_TRAIN" convert once/ckpt.safetensors once.pth >out 2>&1 || { cat out; exit 1; }
for backend in $(backends | grep -v opencl); do
  for from in once/ckpt.safetensors once.pth; do
    "$DLA_TRAIN" eval once/c.yaml checkpoint.in=$from backend.name="$backend" --json 2>/dev/null | jq -c "[.count, .accuracy]"
  done
done | sort -u | wc -l
