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

/* Pushes None, or a mark. */
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

/* LONG1 and LONG4: two's complement of any length. If int64 is too small, only the sign and rough
 * size are kept. */
static dla_status op_long(dla_pickle_machine *m, size_t prefix)
{
  size_t width = 0;
  const uint8_t *bytes = NULL;
  uint64_t number = 0;
  TRY(take_unsigned(m, prefix, &width));
  TRY(dla_machine_take(m, width, &bytes));
  bool negative = width && bytes[width - 1] >> 7;
  while (width > 8 && bytes[width - 1] == (negative ? 0xff : 0)) /* skips padding, but keeps room
                                                                  * for the sign */
    width--;
  if (width > 8 || (width == 8 && bytes[7] >> 7 != negative))
    return dla_machine_push(
        m, (dla_pickle_value){.kind = DLA_PICKLE_BIG, .real = negative ? -1e19 : 1e19});
  for (size_t i = 0; i < 8; i++)
    number |= (uint64_t)(i < width ? bytes[i] : negative ? 0xff : 0) << 8 * i;
  return dla_machine_push(m,
                          (dla_pickle_value){.kind = DLA_PICKLE_INT, .integer = (int64_t)number});
}

/* BINFLOAT: the only number with its most significant byte first. */
static dla_status op_float(dla_pickle_machine *m)
{
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

/* Collects everything above the mark, and removes the mark. */
static dla_status op_collect(dla_pickle_machine *m, size_t kind)
{
  size_t count = 0;
  TRY(dla_machine_count_to_mark(m, &count));
  if (kind == DLA_PICKLE_DICT && count % 2) return FAIL(m, "the pickle has a key without a value");
  TRY(dla_machine_wrap(m, (dla_pickle_kind)kind, count));
  m->stack.items[m->stack.count - 2] = m->stack.items[m->stack.count - 1];
  m->stack.count--;
  return DLA_OK;
}

static dla_status op_pop(dla_pickle_machine *m, size_t to_mark)
{
  size_t count = 0;
  if (to_mark) TRY(dla_machine_count_to_mark(m, &count));
  if (m->stack.count == 0) return FAIL(m, "the pickle's stack is empty");
  m->stack.count -= count + 1;
  return DLA_OK;
}

static dla_status op_dup(dla_pickle_machine *m)
{
  dla_pickle_value *top = NULL;
  TRY(dla_machine_top(m, 1, &top));
  return dla_machine_push(m, *top);
}

/* Adds one item to a list, or one pair to a dict. */
static dla_status op_add_one(dla_pickle_machine *m, size_t kind)
{
  dla_pickle_value *added = NULL;
  size_t count = kind == DLA_PICKLE_DICT ? 2 : 1;
  TRY(dla_machine_top(m, count, &added));
  return dla_machine_extend(m, (dla_pickle_kind)kind, count, 0);
}

/* Adds everything above the mark. */
static dla_status op_add_many(dla_pickle_machine *m, size_t kind)
{
  size_t count = 0;
  TRY(dla_machine_count_to_mark(m, &count));
  return dla_machine_extend(m, (dla_pickle_kind)kind, count, 1);
}

/* ---- The memo ---- */

static dla_status op_put(dla_pickle_machine *m, size_t width)
{
  size_t index = 0;
  TRY(take_unsigned(m, width, &index));
  return dla_machine_put(m, index);
}

static dla_status op_memoize(dla_pickle_machine *m)
{
  return dla_machine_put(m, m->memo.count);
}

static dla_status op_get(dla_pickle_machine *m, size_t width)
{
  size_t index = 0;
  TRY(take_unsigned(m, width, &index));
  return dla_machine_get(m, index);
}

/* ---- Callables, and other things outside the pickle ---- */

static dla_status op_global(dla_pickle_machine *m)
{
  TRY(dla_machine_push_line(m));
  TRY(dla_machine_push_line(m));
  return dla_machine_global(m);
}

/* EXT1, EXT2, EXT4: a callable, by its number in copyreg's registry. */
static dla_status op_extension(dla_pickle_machine *m, size_t width)
{
  size_t number = 0;
  TRY(take_unsigned(m, width, &number));
  for (int i = 0; i < 2; i++)
    TRY(dla_machine_push(m,
                         (dla_pickle_value){.kind = DLA_PICKLE_STRING,
                                            .bytes = (const uint8_t *)(i ? "extension" : "copyreg"),
                                            .count = i ? 9 : 7}));
  return dla_machine_global(m);
}

/* NEWOBJ_EX: a class, arguments, and named arguments; the named ones are not needed. */
static dla_status op_new_with_names(dla_pickle_machine *m)
{
  dla_pickle_value *names = NULL;
  TRY(dla_machine_top(m, 3, &names));
  m->stack.count--;
  return dla_machine_reduce(m);
}

/* OBJ: a class and arguments above a mark. INST: arguments above a mark, and the class's name in
 * the file. */
static dla_status op_instance(dla_pickle_machine *m, size_t named)
{
  size_t count = 0;
  TRY(dla_machine_count_to_mark(m, &count));
  if (!named && count == 0) return FAIL(m, "the pickle makes an object of no class");
  TRY(dla_machine_wrap(m, DLA_PICKLE_TUPLE, named ? count : count - 1));
  dla_pickle_value arguments = m->stack.items[--m->stack.count];
  if (named) TRY(op_global(m));
  TRY(dla_machine_push(m, arguments));
  TRY(dla_machine_reduce(m));
  m->stack.items[m->stack.count - 2] = m->stack.items[m->stack.count - 1]; /* replaces the mark */
  m->stack.count--;
  return DLA_OK;
}

/* READONLY_BUFFER: makes no difference here. */
static dla_status op_nothing(dla_pickle_machine *m)
{
  (void)m;
  return DLA_OK;
}

/* ---- The program ---- */

static dla_status op_proto(dla_pickle_machine *m)
{
  size_t protocol = 0;
  TRY(take_unsigned(m, 1, &protocol));
  if (protocol > 5) return FAIL(m, "the pickle is of protocol %zu, and 0 to 5 are read", protocol);
  return DLA_OK;
}

/* A frame only tells how much to read ahead from a stream. */
static dla_status op_frame(dla_pickle_machine *m)
{
  const uint8_t *length = NULL;
  return dla_machine_take(m, 8, &length);
}

static dla_status op_stop(dla_pickle_machine *m)
{
  dla_pickle_value *top = NULL;
  TRY(dla_machine_top(m, 1, &top));
  m->pickle->root = *top;
  m->stopped = true;
  return DLA_OK;
}

/* One of the two functions. The argument is the difference between similar opcodes: a width, a
 * count or a kind. */
typedef struct opcode {
  dla_status (*plain)(dla_pickle_machine *m);
  dla_status (*with)(dla_pickle_machine *m, size_t argument);
  size_t argument;
} opcode;

/* clang-format off */
static const opcode opcodes[256] = {
    [0x80] = {op_proto, NULL, 0},
    [0x95] = {op_frame, NULL, 0},
    ['.'] = {op_stop, NULL, 0},
    ['N'] = {NULL, op_constant, DLA_PICKLE_NONE},
    ['('] = {NULL, op_constant, DLA_PICKLE_MARK},
    [0x88] = {NULL, op_bool, 1},
    [0x89] = {NULL, op_bool, 0},
    ['K'] = {NULL, op_integer, 1},
    ['M'] = {NULL, op_integer, 2},
    ['J'] = {NULL, op_integer, 4},
    [0x8a] = {NULL, op_long, 1}, [0x8b] = {NULL, op_long, 4},
    ['G'] = {op_float, NULL, 0},
    ['U'] = {NULL, op_string, 1}, ['T'] = {NULL, op_string, 4}, /* Python 2's str */
    ['C'] = {NULL, op_string, 1}, ['B'] = {NULL, op_string, 4}, /* bytes */
    [0x8e] = {NULL, op_string, 8}, [0x96] = {NULL, op_string, 8}, /* and bytearray */
    [0x8c] = {NULL, op_string, 1}, ['X'] = {NULL, op_string, 4}, [0x8d] = {NULL, op_string, 8}, /* Unicode */
    [')'] = {NULL, op_empty, DLA_PICKLE_TUPLE},
    [']'] = {NULL, op_empty, DLA_PICKLE_LIST},
    ['}'] = {NULL, op_empty, DLA_PICKLE_DICT},
    [0x85] = {NULL, op_small_tuple, 1},
    [0x86] = {NULL, op_small_tuple, 2},
    [0x87] = {NULL, op_small_tuple, 3},
    ['t'] = {NULL, op_collect, DLA_PICKLE_TUPLE},
    ['l'] = {NULL, op_collect, DLA_PICKLE_LIST},
    ['d'] = {NULL, op_collect, DLA_PICKLE_DICT},
    [0x8f] = {NULL, op_empty, DLA_PICKLE_SET},
    [0x91] = {NULL, op_collect, DLA_PICKLE_SET}, /* frozenset */
    [0x90] = {NULL, op_add_many, DLA_PICKLE_SET},
    ['0'] = {NULL, op_pop, 0},
    ['1'] = {NULL, op_pop, 1},
    ['2'] = {op_dup, NULL, 0},
    ['a'] = {NULL, op_add_one, DLA_PICKLE_LIST},
    ['s'] = {NULL, op_add_one, DLA_PICKLE_DICT},
    ['e'] = {NULL, op_add_many, DLA_PICKLE_LIST},
    ['u'] = {NULL, op_add_many, DLA_PICKLE_DICT},
    ['q'] = {NULL, op_put, 1},
    ['r'] = {NULL, op_put, 4},
    [0x94] = {op_memoize, NULL, 0},
    ['h'] = {NULL, op_get, 1},
    ['j'] = {NULL, op_get, 4},
    ['c'] = {op_global, NULL, 0},
    [0x93] = {dla_machine_global, NULL, 0},
    ['R'] = {dla_machine_reduce, NULL, 0},
    ['b'] = {dla_machine_build, NULL, 0},
    [0x81] = {dla_machine_reduce, NULL, 0}, /* NEWOBJ: a class is treated as a function */
    [0x92] = {op_new_with_names, NULL, 0},
    ['o'] = {NULL, op_instance, 0},
    ['i'] = {NULL, op_instance, 1},
    [0x82] = {NULL, op_extension, 1},
    [0x83] = {NULL, op_extension, 2},
    [0x84] = {NULL, op_extension, 4},
    ['Q'] = {dla_machine_persistent, NULL, 0},
    [0x98] = {op_nothing, NULL, 0},
    /* Protocol 0: */
    ['I'] = {dla_op_line_integer, NULL, 0},
    ['L'] = {dla_op_line_integer, NULL, 0},
    ['F'] = {dla_op_line_float, NULL, 0},
    ['S'] = {dla_op_line_string, NULL, 0},
    ['V'] = {dla_op_line_unicode, NULL, 0},
    ['p'] = {dla_op_line_put, NULL, 0},
    ['g'] = {dla_op_line_get, NULL, 0},
    ['P'] = {dla_op_line_persistent, NULL, 0},
};
/* clang-format on */

static dla_status run(dla_pickle_machine *m)
{
  if (m->input->size == 0) return FAIL(m, "this is no pickle");
  for (size_t count = 0; !m->stopped; count++) {
    const uint8_t *code = NULL;
    m->opcode = m->position;
    if (count == DLA_PICKLE_OPCODES_MAX)
      return FAIL(m, "the pickle goes on after %zu opcodes", count);
    TRY(dla_machine_take(m, 1, &code));
    const opcode *o = &opcodes[*code];
    if (!o->plain && !o->with)
      return count ? FAIL(m, "the pickle has an unknown opcode 0x%02x", *code)
                   : FAIL(m, "this is no pickle");
    TRY(o->plain ? o->plain(m) : o->with(m, o->argument));
  }
  m->pickle->size = m->position;
  if (m->position != m->input->size && !m->input->more)
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
