/* The order of PyTorch's state_dict, by which torch.optim numbers parameters: a module's parts
 * stay together, in the order in which its constructor creates them. Here tensors come in the
 * order in which the graph uses them. The two differ only for a tree's root in pytorch-cifar's
 * networks: it joins two subtrees, but is created before them. (With subtrees called tree1 and
 * tree2, as in timm, it is created after them.) */
#include <stdlib.h>
#include <string.h>

#include "checkpoint/tensor_set.h"

/* The length of the first part: of "layer3.root.conv", that of "layer3." with the dot. The end of
 * a name counts as a dot. */
static size_t part_length(const char *name)
{
  return strcspn(name, ".") + 1;
}

static bool goes_first(const char *part)
{
  return strncmp(part, "root.", 5) == 0 || strncmp(part, "model.", 6) == 0;
}

/* Moves the tensors with this part to the front, before the others. Returns their number. */
static size_t gather(dla_tensor_entry *tensor, size_t count, size_t at, const char *part,
                     dla_tensor_entry *scratch)
{
  size_t length = part_length(part), front = 0, rest = 0;
  for (size_t i = 0; i < count; i++)
    if (strncmp(tensor[i].name + at, part, length) == 0)
      tensor[front++] = tensor[i];
    else
      scratch[rest++] = tensor[i];
  memcpy(tensor + front, scratch, rest * sizeof *scratch);
  return front;
}

/* Sorts tensors whose names agree up to `at`. Names have at most 255 characters, which bounds the
 * recursion. */
static void arrange(dla_tensor_entry *tensor, size_t count, size_t at, dla_tensor_entry *scratch)
{
  const char *first = NULL;
  bool last = false; /* is it the root? */
  for (size_t i = 0; i < count; i++)
    last |= strncmp(tensor[i].name + at, "tree1.", 6) == 0;
  for (size_t i = 0; i < count && !first && !last; i++)
    if (goes_first(tensor[i].name + at)) first = tensor[i].name + at;
  for (size_t done = 0; done < count;) {
    const char *part = first ? first : tensor[done].name + at;
    first = NULL;
    size_t group = gather(tensor + done, count - done, at, part, scratch);
    if (group > 1) arrange(tensor + done, group, at + part_length(part), scratch);
    done += group;
  }
}

dla_status dla_tensor_set_order(dla_tensor_set *set, dla_error *err)
{
  dla_tensor_entry *scratch = malloc((set->tensor_count + 1) * sizeof *scratch);
  if (!scratch) return dla_fail_memory(err, "a checkpoint");
  arrange(set->tensor, set->tensor_count, 0, scratch);
  free(scratch);
  return DLA_OK;
}
