/* Callables and calls. They are only data here. */
#include <string.h>

#include "pickle/machine.h"

dla_status dla_machine_global(dla_pickle_machine *m)
{
  dla_pickle_value *v = NULL;
  TRY(dla_machine_top(m, 2, &v));
  if (v[0].kind != DLA_PICKLE_STRING || v[1].kind != DLA_PICKLE_STRING)
    return FAIL(m, "the pickle names a callable by something that is no text");
  const dla_pickle_callable *c = m->input->dialect->callables;
  while (c->name &&
         !(dla_pickle_is_string(&v[0], c->module) && dla_pickle_is_string(&v[1], c->name)))
    c++;
  TRY(dla_machine_wrap(m, DLA_PICKLE_GLOBAL, 2));
  dla_pickle_value *global = &m->stack.items[m->stack.count - 1];
  global->integer = c->name ? c->id : DLA_PICKLE_UNKNOWN;
  global->count = (size_t)(c - m->input->dialect->callables);
  return DLA_OK;
}

/* Turns UTF-8 text of code points below 256 into the bytes of these numbers. The result is never
 * longer, so it replaces the text in place. Returns false if the text stands for no bytes. */
static bool decode_latin1(dla_pickle_value *text, uint8_t *from)
{
  uint8_t *to = from;
  const uint8_t *end = from + text->count;
  while (from < end) {
    uint8_t byte = *from++;
    if (byte >= 0x80) {
      if ((byte & 0xfe) != 0xc2 || from == end || (*from & 0xc0) != 0x80) return false;
      byte = (uint8_t)(byte << 6 | (*from++ & 0x3f));
    }
    *to++ = byte;
  }
  text->count = (size_t)(to - text->bytes);
  return true;
}

/* _codecs.encode(text, "latin1") makes a string. It decodes a copy, because a memo may have the
 * text, too. */
static dla_status make_bytes(dla_pickle_machine *m, const dla_pickle_values *arguments)
{
  const dla_pickle_value *a = arguments->items;
  if (arguments->count < 2 || a[0].kind != DLA_PICKLE_STRING ||
      !(dla_pickle_is_string(&a[1], "latin1") || dla_pickle_is_string(&a[1], "latin-1") ||
        dla_pickle_is_string(&a[1], "iso-8859-1")))
    return dla_machine_wrap(m, DLA_PICKLE_CALL, 2);
  dla_pickle_value text = a[0];
  uint8_t *copy = NULL;
  /* A byte of protocol 0 may become two bytes of text. */
  if (text.count > 2 * m->input->size - m->texts)
    return FAIL(m, "the pickle encodes the same text again and again");
  m->texts += text.count;
  TRY(dla_machine_new_text(m, text.count, &copy));
  if (text.count) memcpy(copy, text.bytes, text.count);
  text.bytes = copy;
  if (!decode_latin1(&text, copy)) return FAIL(m, "the pickle has text that stands for no bytes");
  m->stack.count -= 2;
  return dla_machine_push(m, text);
}

/* Moves the pairs of OrderedDict([(key, value), ...]) into the dict on top of the stack. */
static dla_status add_pairs(dla_pickle_machine *m, const dla_pickle_value *pairs)
{
  size_t dict = m->stack.items[m->stack.count - 1].object;
  for (size_t i = 0; i < m->pickle->objects[pairs->object].count; i++) {
    const dla_pickle_value *pair = &m->pickle->objects[pairs->object].items[i];
    bool two = (pair->kind == DLA_PICKLE_LIST || pair->kind == DLA_PICKLE_TUPLE) &&
               m->pickle->objects[pair->object].count == 2;
    if (!two) return FAIL(m, "the pickle makes a dict of something that is no pair");
    dla_pickle_value items[2];
    memcpy(items, m->pickle->objects[pair->object].items, sizeof items);
    TRY(dla_machine_push(m, items[0]));
    TRY(dla_machine_push(m, items[1]));
    TRY(dla_machine_move_into(m, dict, 2));
  }
  return DLA_OK;
}

/* Usually the dict is empty and later opcodes fill it; Python 2 gives a list of pairs. */
static dla_status make_dict(dla_pickle_machine *m, const dla_pickle_values *arguments)
{
  dla_pickle_value pairs = {0};
  if (arguments->count) pairs = arguments->items[arguments->count - 1];
  m->stack.count -= 2;
  TRY(dla_machine_push_object(m, DLA_PICKLE_DICT));
  return pairs.kind == DLA_PICKLE_LIST ? add_pairs(m, &pairs) : DLA_OK;
}

dla_status dla_machine_reduce(dla_pickle_machine *m)
{
  dla_pickle_value *v = NULL;
  TRY(dla_machine_top(m, 2, &v));
  if (v[0].kind != DLA_PICKLE_GLOBAL || v[0].integer == DLA_PICKLE_UNKNOWN ||
      v[1].kind != DLA_PICKLE_TUPLE)
    return dla_machine_wrap(m, DLA_PICKLE_CALL, 2);
  const dla_pickle_values arguments = m->pickle->objects[v[1].object];
  switch (m->input->dialect->callables[v[0].count].makes) {
  case DLA_PICKLE_MAKES_BYTES:
    return make_bytes(m, &arguments);
  case DLA_PICKLE_MAKES_DICT:
    return make_dict(m, &arguments);
  default:
    return dla_machine_wrap(m, DLA_PICKLE_CALL, 2);
  }
}

/* Only a call keeps its state. PyTorch puts the modules' versions on a dict; they are dropped. */
dla_status dla_machine_build(dla_pickle_machine *m)
{
  dla_pickle_value *v = NULL;
  TRY(dla_machine_top(m, 2, &v));
  if (v[0].kind == DLA_PICKLE_CALL) {
    size_t object = v[0].object;
    if (m->pickle->objects[object].count == 2) return dla_machine_move_into(m, object, 1);
    m->pickle->objects[object].items[2] = v[1];
  }
  m->stack.count--;
  return DLA_OK;
}
