#include <stdlib.h>
#include <string.h>

#include "pickle/machine.h"

static dla_status take_unsigned(dla_pickle_machine *m, size_t width, size_t *number)
{
  const uint8_t *bytes = NULL;
  TRY(dla_machine_take(m, width, &bytes));
  *number = 0;
  for (size_t i = 0; i < width; i++)
    *number |= (size_t)bytes[i] << 8 * i;
  return DLA_OK;
}

/* ---- Values without parts ---- */

/* None, or a mark. */
static dla_status op_constant(dla_pickle_machine *m, size_t kind)
{
  return dla_machine_push(m, (dla_pickle_value){.kind = (dla_pickle_kind)kind});
}

static dla_status op_bool(dla_pickle_machine *m, size_t truth)
{
  return dla_machine_push(m,
                          (dla_pickle_value){.kind = DLA_PICKLE_BOOL, .integer = (int64_t)truth});
}

static dla_status op_integer(dla_pickle_machine *m, size_t width)
{
  size_t number = 0;
  TRY(take_unsigned(m, width, &number));
  int64_t integer = width == 4 ? (int32_t)(uint32_t)number : (int64_t)number;
  return dla_machine_push(m, (dla_pickle_value){.kind = DLA_PICKLE_INT, .integer = integer});
}

/* LONG1: two's complement of any length; what int64 cannot hold is no number of ours. */
static dla_status op_long(dla_pickle_machine *m, size_t unused)
{
  (void)unused;
  size_t width = 0, number = 0;
  TRY(take_unsigned(m, 1, &width));
  if (width > 8) return FAIL(m, "the pickle has a number of %zu bytes", width);
  TRY(take_unsigned(m, width, &number));
  if (width && width < 8 && number >> (8 * width - 1)) number |= SIZE_MAX << 8 * width;
  return dla_machine_push(m,
                          (dla_pickle_value){.kind = DLA_PICKLE_INT, .integer = (int64_t)number});
}

/* BINFLOAT: the one number that is stored most significant byte first. */
static dla_status op_float(dla_pickle_machine *m, size_t unused)
{
  (void)unused;
  const uint8_t *bytes = NULL;
  uint64_t bits = 0;
  dla_pickle_value value = {.kind = DLA_PICKLE_FLOAT};
  TRY(dla_machine_take(m, sizeof bits, &bytes));
  for (size_t i = 0; i < sizeof bits; i++)
    bits = bits << 8 | bytes[i];
  memcpy(&value.real, &bits, sizeof bits);
  return dla_machine_push(m, value);
}

static dla_status op_string(dla_pickle_machine *m, size_t width)
{
  dla_pickle_value value = {.kind = DLA_PICKLE_STRING};
  TRY(take_unsigned(m, width, &value.count));
  TRY(dla_machine_take(m, value.count, &value.bytes));
  return dla_machine_push(m, value);
}

/* ---- Lists, tuples, dicts ---- */

static dla_status op_empty(dla_pickle_machine *m, size_t kind)
{
  return dla_machine_push_object(m, (dla_pickle_kind)kind);
}

static dla_status op_small_tuple(dla_pickle_machine *m, size_t count)
{
  return dla_machine_wrap(m, DLA_PICKLE_TUPLE, count);
}

static dla_status op_tuple(dla_pickle_machine *m, size_t unused)
{
  (void)unused;
  size_t count = 0;
  TRY(dla_machine_count_to_mark(m, &count));
  TRY(dla_machine_wrap(m, DLA_PICKLE_TUPLE, count));
  m->stack.items[m->stack.count - 2] = m->stack.items[m->stack.count - 1];
  m->stack.count--;
  return DLA_OK;
}

/* One item for a list, one pair for a dict. */
static dla_status op_add_one(dla_pickle_machine *m, size_t kind)
{
  dla_pickle_value *added = NULL;
  size_t count = kind == DLA_PICKLE_DICT ? 2 : 1;
  TRY(dla_machine_top(m, count, &added));
  return dla_machine_extend(m, (dla_pickle_kind)kind, count, 0);
}

/* All that is above the mark. */
static dla_status op_add_many(dla_pickle_machine *m, size_t kind)
{
  size_t count = 0;
  TRY(dla_machine_count_to_mark(m, &count));
  return dla_machine_extend(m, (dla_pickle_kind)kind, count, 1);
}

/* ---- The memo, by which a pickle says "the same again" ---- */

static dla_status op_put(dla_pickle_machine *m, size_t width)
{
  size_t index = 0;
  TRY(take_unsigned(m, width, &index));
  return dla_machine_put(m, index);
}

static dla_status op_memoize(dla_pickle_machine *m, size_t unused)
{
  (void)unused;
  return dla_machine_put(m, m->memo.count);
}

static dla_status op_get(dla_pickle_machine *m, size_t width)
{
  size_t index = 0;
  TRY(take_unsigned(m, width, &index));
  return dla_machine_get(m, index);
}

/* ---- Callables, and other things outside the pickle ---- */

static dla_status take_line(dla_pickle_machine *m, const uint8_t **line, size_t *length)
{
  size_t left = m->input->size - m->position;
  const uint8_t *start = m->input->bytes + m->position;
  const uint8_t *end = left ? memchr(start, '\n', left) : NULL;
  if (!end) return FAIL(m, "the file is cut short within a name");
  *length = (size_t)(end - start);
  *line = start;
  m->position += *length + 1;
  return DLA_OK;
}

static dla_status op_global(dla_pickle_machine *m, size_t unused)
{
  (void)unused;
  const uint8_t *module = NULL, *name = NULL;
  size_t module_length = 0, name_length = 0;
  TRY(take_line(m, &module, &module_length));
  TRY(take_line(m, &name, &name_length));
  return dla_machine_push_global(m, module, module_length, name, name_length);
}

static dla_status op_stack_global(dla_pickle_machine *m, size_t unused)
{
  (void)unused;
  dla_pickle_value *v = NULL;
  TRY(dla_machine_top(m, 2, &v));
  if (v[0].kind != DLA_PICKLE_STRING || v[1].kind != DLA_PICKLE_STRING)
    return FAIL(m, "the pickle names a callable by something that is no string");
  m->stack.count -= 2;
  return dla_machine_push_global(m, v[0].bytes, v[0].count, v[1].bytes, v[1].count);
}

static dla_status op_reduce(dla_pickle_machine *m, size_t unused)
{
  (void)unused;
  return dla_machine_reduce(m);
}

static dla_status op_persistent(dla_pickle_machine *m, size_t unused)
{
  (void)unused;
  return dla_machine_wrap(m, DLA_PICKLE_PERSISTENT, 1);
}

/* The state of a dict (PyTorch notes the modules' versions there) is dropped. */
static dla_status op_build(dla_pickle_machine *m, size_t unused)
{
  (void)unused;
  dla_pickle_value *v = NULL;
  TRY(dla_machine_top(m, 2, &v));
  if (v[0].kind == DLA_PICKLE_DICT) {
    m->stack.count--;
    return DLA_OK;
  }
  if (v[0].kind != DLA_PICKLE_CALL || m->pickle->objects[v[0].object].count != 2)
    return FAIL(m, "the pickle sets the state of something that has none");
  return dla_machine_move_into(m, v[0].object, 1);
}

/* ---- The program ---- */

static dla_status op_proto(dla_pickle_machine *m, size_t unused)
{
  (void)unused;
  size_t protocol = 0;
  TRY(take_unsigned(m, 1, &protocol));
  if (protocol < 2 || protocol > 4)
    return FAIL(m, "the pickle is of protocol %zu, and only 2 to 4 are read", protocol);
  return DLA_OK;
}

/* A frame only tells a reader of streams how much to fetch. */
static dla_status op_frame(dla_pickle_machine *m, size_t unused)
{
  (void)unused;
  const uint8_t *length = NULL;
  return dla_machine_take(m, 8, &length);
}

static dla_status op_stop(dla_pickle_machine *m, size_t unused)
{
  (void)unused;
  if (m->stack.count != 1 || m->stack.items[0].kind == DLA_PICKLE_MARK)
    return FAIL(m, "the pickle ends with %zu values, not one", m->stack.count);
  m->pickle->root = m->stack.items[0];
  m->stopped = true;
  return DLA_OK;
}

enum { BINPERSID = 'Q' };

typedef struct opcode {
  dla_status (*run)(dla_pickle_machine *m, size_t argument);
  size_t argument; /* what sets it apart from its kin: a width, a count or a kind */
} opcode;

/* clang-format off */
static const opcode opcodes[256] = {
    [0x80] = {op_proto, 0},
    [0x95] = {op_frame, 0},
    ['.'] = {op_stop, 0},
    ['N'] = {op_constant, DLA_PICKLE_NONE},
    ['('] = {op_constant, DLA_PICKLE_MARK},
    [0x88] = {op_bool, 1},
    [0x89] = {op_bool, 0},
    ['K'] = {op_integer, 1},
    ['M'] = {op_integer, 2},
    ['J'] = {op_integer, 4},
    [0x8a] = {op_long, 0},
    ['G'] = {op_float, 0},
    ['U'] = {op_string, 1}, ['T'] = {op_string, 4}, /* Python 2's str */
    ['C'] = {op_string, 1}, ['B'] = {op_string, 4}, /* bytes */
    [0x8c] = {op_string, 1}, ['X'] = {op_string, 4}, /* Unicode */
    [')'] = {op_empty, DLA_PICKLE_TUPLE},
    [']'] = {op_empty, DLA_PICKLE_LIST},
    ['}'] = {op_empty, DLA_PICKLE_DICT},
    [0x85] = {op_small_tuple, 1},
    [0x86] = {op_small_tuple, 2},
    [0x87] = {op_small_tuple, 3},
    ['t'] = {op_tuple, 0},
    ['a'] = {op_add_one, DLA_PICKLE_LIST},
    ['s'] = {op_add_one, DLA_PICKLE_DICT},
    ['e'] = {op_add_many, DLA_PICKLE_LIST},
    ['u'] = {op_add_many, DLA_PICKLE_DICT},
    ['q'] = {op_put, 1},
    ['r'] = {op_put, 4},
    [0x94] = {op_memoize, 0},
    ['h'] = {op_get, 1},
    ['j'] = {op_get, 4},
    ['c'] = {op_global, 0},
    [0x93] = {op_stack_global, 0},
    ['R'] = {op_reduce, 0},
    ['b'] = {op_build, 0},
    [BINPERSID] = {op_persistent, 0},
};
/* clang-format on */

static bool is_known(const dla_pickle_machine *m, uint8_t code)
{
  return opcodes[code].run && (code != BINPERSID || m->input->dialect->persistent);
}

static dla_status run(dla_pickle_machine *m)
{
  if (m->input->size == 0 || m->input->bytes[0] != 0x80) return FAIL(m, "this is no pickle");
  for (size_t count = 0; !m->stopped; count++) {
    const uint8_t *code = NULL;
    m->opcode = m->position;
    if (count == DLA_PICKLE_OPCODES_MAX)
      return FAIL(m, "the pickle goes on after %zu opcodes", count);
    TRY(dla_machine_take(m, 1, &code));
    if (!is_known(m, *code)) return FAIL(m, "the pickle has an unknown opcode 0x%02x", *code);
    TRY(opcodes[*code].run(m, opcodes[*code].argument));
  }
  if (m->position != m->input->size)
    return dla_fail_at(m->err, m->input->name, m->position, m->input->dialect->hint,
                       "%zu bytes follow the pickle's end", m->input->size - m->position);
  return DLA_OK;
}

dla_status dla_pickle_parse(const dla_pickle_input *input, dla_pickle **pickle, dla_error *err)
{
  dla_pickle_machine m = {.input = input, .err = err, .pickle = calloc(1, sizeof **pickle)};
  if (!m.pickle) return dla_fail_memory(err, "a pickle");
  dla_status status = run(&m);
  free(m.stack.items);
  free(m.memo.items);
  if (status == DLA_OK)
    *pickle = m.pickle;
  else
    dla_pickle_free(m.pickle);
  return status;
}
