/* A network that starts with another's weights, except those of its last layer if that has other
 * classes. */
#include <stdio.h>
#include <string.h>

#include "base/strbuf.h"
#include "base/try.h"
#include "checkpoint/match.h"
#include "checkpoint/restore.h"

/* The length of a parameter's layer name: of "fc.weight", that of "fc". */
static size_t layer_length(const char *parameter)
{
  const char *dot = strrchr(parameter, '.');
  return dot ? (size_t)(dot - parameter) : strlen(parameter);
}

static bool is_of_head(const dla_network *network, const char *parameter)
{
  const char *last = dla_network_parameter(network, dla_network_parameter_count(network) - 1).name;
  size_t length = layer_length(last);
  return layer_length(parameter) == length && strncmp(last, parameter, length) == 0;
}

static int head_size(const dla_network *network)
{
  int size = 0;
  for (int i = 0; i < dla_network_parameter_count(network); i++)
    size += is_of_head(network, dla_network_parameter(network, i).name);
  return size;
}

/* Does the head's parameter keep its initial values? If so, appends why. */
static bool stays(const dla_tensor_set *set, const dla_match *match, const dla_parameter_info *info,
                  dla_strbuf *left)
{
  char has[DLA_SHAPE_TEXT], wants[DLA_SHAPE_TEXT];
  const dla_tensor_entry *entry = dla_match_tensor(set, match, info->name);
  if (entry && dla_shape_equal(&entry->shape, &info->shape)) return false;
  dla_strbuf_printf(left, "%s%s (%s", left->length ? ", " : "", info->name,
                    entry ? "" : "the file has none)");
  if (entry)
    dla_strbuf_printf(left, "%s there, %s here)", dla_shape_text(&entry->shape, has),
                      dla_shape_text(&info->shape, wants));
  return true;
}

static dla_status load(dla_checkpoint *checkpoint, const char *where, dla_network *network,
                       dla_strbuf *left, dla_error *err)
{
  const dla_tensor_set *set = dla_checkpoint_tensors(checkpoint);
  dla_match match;
  TRY(dla_match_nearest(set, network, where, head_size(network), &match, err));
  for (int write = 0; write < 2; write++) {
    left->length = 0;
    for (int i = 0; i < dla_network_parameter_count(network); i++) {
      dla_parameter_info info = dla_network_parameter(network, i);
      if (is_of_head(network, info.name) && stays(set, &match, &info, left)) continue;
      if (!dla_match_tensor(set, &match, info.name))
        return dla_match_find(set, network, where, &match, err); /* it reports what is missing */
      TRY(dla_restore_parameter(set, where, network, &match, i, write, err));
    }
  }
  return DLA_OK;
}

dla_status dla_checkpoint_pretrain(dla_checkpoint *checkpoint, const char *where,
                                   dla_network *network, char left[DLA_PRETRAIN_LEFT],
                                   dla_error *err)
{
  dla_strbuf text = {0};
  dla_status status = load(checkpoint, where, network, &text, err);
  if (!status && text.failed) status = dla_fail_memory(err, "a checkpoint");
  snprintf(left, DLA_PRETRAIN_LEFT, "%s", status || !text.length ? "" : text.text);
  dla_strbuf_free(&text);
  return status;
}
