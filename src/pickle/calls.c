/* Callables, which are only names here. */
#include "pickle/machine.h"

#include <string.h>

static bool equals(const uint8_t *bytes, size_t count, const char *text)
{
  return count == strlen(text) && memcmp(bytes, text, count) == 0;
}

static int printable(size_t count)
{
  return count < 100 ? (int)count : 100;
}

dla_status dla_machine_push_global(dla_pickle_machine *m, const uint8_t *module,
                                   size_t module_length, const uint8_t *name, size_t name_length)
{
  const dla_pickle_dialect *dialect = m->input->dialect;
  for (const dla_pickle_callable *c = dialect->callables; c->name; c++)
    if (equals(module, module_length, c->module) && equals(name, name_length, c->name))
      return dla_machine_push(m, (dla_pickle_value){.kind = DLA_PICKLE_GLOBAL,
                                                    .integer = c->id,
                                                    .object = (size_t)(c - dialect->callables)});
  return FAIL(m, "the pickle wants to call %.*s.%.*s, which no %s needs", printable(module_length),
              (const char *)module, printable(name_length), (const char *)name, dialect->of);
}

/* UTF-8 text of code points below 256 -> the bytes that they number. They never get longer, so
 * the text's own place holds them. */
static dla_status decode_latin1(dla_pickle_machine *m, dla_pickle_value *text)
{
  uint8_t *from = m->input->bytes + (text->bytes - m->input->bytes), *to = from;
  const uint8_t *end = from + text->count;
  while (from < end) {
    uint8_t byte = *from++;
    if (byte >= 0x80) {
      if ((byte & 0xfe) != 0xc2 || from == end || (*from & 0xc0) != 0x80)
        return FAIL(m, "the pickle has text that stands for no bytes");
      byte = (uint8_t)(byte << 6 | (*from++ & 0x3f));
    }
    *to++ = byte;
  }
  text->count = (size_t)(to - text->bytes);
  return DLA_OK;
}

/* _codecs.encode(text, "latin1") is a string. */
static dla_status make_bytes(dla_pickle_machine *m, const dla_pickle_values *arguments)
{
  const dla_pickle_value *a = arguments->items;
  if (arguments->count != 2 || a[0].kind != DLA_PICKLE_STRING || a[1].kind != DLA_PICKLE_STRING ||
      !equals(a[1].bytes, a[1].count, "latin1"))
    return FAIL(m, "the pickle encodes text in another way than latin1");
  dla_pickle_value text = a[0];
  TRY(decode_latin1(m, &text));
  m->stack.count -= 2;
  return dla_machine_push(m, text);
}

/* OrderedDict() is a dict, which opcodes behind it fill. */
static dla_status make_dict(dla_pickle_machine *m, const dla_pickle_values *arguments)
{
  if (arguments->count) return FAIL(m, "the pickle makes a dict in another way than item by item");
  m->stack.count -= 2;
  return dla_machine_push_object(m, DLA_PICKLE_DICT);
}

dla_status dla_machine_reduce(dla_pickle_machine *m)
{
  dla_pickle_value *v = NULL;
  TRY(dla_machine_top(m, 2, &v));
  if (v[0].kind != DLA_PICKLE_GLOBAL || v[1].kind != DLA_PICKLE_TUPLE)
    return FAIL(m, "the pickle calls something that cannot be called");
  const dla_pickle_values *arguments = &m->pickle->objects[v[1].object];
  switch (m->input->dialect->callables[v[0].object].makes) {
  case DLA_PICKLE_MAKES_BYTES:
    return make_bytes(m, arguments);
  case DLA_PICKLE_MAKES_DICT:
    return make_dict(m, arguments);
  default:
    return dla_machine_wrap(m, DLA_PICKLE_CALL, 2);
  }
}
