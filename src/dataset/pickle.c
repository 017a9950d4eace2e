#include "dataset/pickle.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Every opcode makes at most one value, so this bounds all memory. CIFAR-100's largest file needs
 * a tenth. */
enum { OPCODES_MAX = 2000000 };

typedef struct values {
  dla_pickle_value *items;
  size_t count, capacity;
} values;

struct dla_pickle {
  values *objects; /* the items of every list, tuple, dict and call */
  size_t object_count, object_capacity;
  dla_pickle_value root;
};

typedef struct reader {
  const dla_blob *blob;
  size_t position, opcode; /* where we are, and where the opcode under way began */
  values stack, memo;
  dla_pickle *pickle;
  bool stopped;
  dla_error *err;
} reader;

#define TRY(expression)                                                                            \
  do {                                                                                             \
    dla_status status_ = (expression);                                                             \
    if (status_ != DLA_OK) return status_;                                                         \
  } while (0)

#define FAIL(r, ...) dla_blob_fail((r)->blob, (r)->opcode, (r)->err, __VA_ARGS__)

static dla_status reserve(reader *r, values *v, size_t more)
{
  if (v->capacity - v->count >= more) return DLA_OK;
  size_t capacity = v->capacity ? v->capacity : 8;
  while (capacity - v->count < more)
    capacity *= 2;
  dla_pickle_value *items = realloc(v->items, capacity * sizeof *items);
  if (!items) return dla_fail_memory(r->err, "a pickle");
  v->items = items;
  v->capacity = capacity;
  return DLA_OK;
}

static dla_status push(reader *r, dla_pickle_value value)
{
  TRY(reserve(r, &r->stack, 1));
  value.offset = r->opcode;
  r->stack.items[r->stack.count++] = value;
  return DLA_OK;
}

/* The last `count` values of the stack, which must not reach below a mark. */
static dla_status top(reader *r, size_t count, dla_pickle_value **first)
{
  if (r->stack.count < count) return FAIL(r, "the pickle's stack is empty");
  *first = r->stack.items + (r->stack.count - count);
  for (size_t i = 0; i < count; i++)
    if ((*first)[i].kind == DLA_PICKLE_MARK) return FAIL(r, "the pickle's stack is empty");
  return DLA_OK;
}

/* How many values are above the last mark. */
static dla_status count_to_mark(reader *r, size_t *count)
{
  for (size_t i = r->stack.count; i > 0; i--) {
    if (r->stack.items[i - 1].kind != DLA_PICKLE_MARK) continue;
    *count = r->stack.count - i;
    return DLA_OK;
  }
  return FAIL(r, "the pickle has no mark where it needs one");
}

static dla_status take(reader *r, size_t count, const uint8_t **bytes)
{
  size_t left = r->blob->size - r->position;
  if (count > left)
    return dla_blob_fail(r->blob, r->position, r->err,
                         "the file is cut short: %zu bytes are needed, and %zu left", count, left);
  *bytes = r->blob->bytes + r->position;
  r->position += count;
  return DLA_OK;
}

static dla_status take_unsigned(reader *r, size_t width, size_t *number)
{
  const uint8_t *bytes = NULL;
  TRY(take(r, width, &bytes));
  *number = 0;
  for (size_t i = 0; i < width; i++)
    *number |= (size_t)bytes[i] << 8 * i;
  return DLA_OK;
}

/* ---- Values without parts ---- */

/* None, or a mark. */
static dla_status op_constant(reader *r, size_t kind)
{
  return push(r, (dla_pickle_value){.kind = (dla_pickle_kind)kind});
}

static dla_status op_bool(reader *r, size_t truth)
{
  return push(r, (dla_pickle_value){.kind = DLA_PICKLE_BOOL, .integer = (int64_t)truth});
}

static dla_status op_integer(reader *r, size_t width)
{
  size_t number = 0;
  TRY(take_unsigned(r, width, &number));
  int64_t integer = width == 4 ? (int32_t)(uint32_t)number : (int64_t)number;
  return push(r, (dla_pickle_value){.kind = DLA_PICKLE_INT, .integer = integer});
}

static dla_status op_string(reader *r, size_t width)
{
  dla_pickle_value value = {.kind = DLA_PICKLE_STRING};
  TRY(take_unsigned(r, width, &value.count));
  TRY(take(r, value.count, &value.bytes));
  return push(r, value);
}

/* ---- Lists, tuples, dicts ---- */

static dla_status push_object(reader *r, dla_pickle_kind kind)
{
  dla_pickle *p = r->pickle;
  if (p->object_count == p->object_capacity) {
    size_t capacity = p->object_capacity ? 2 * p->object_capacity : 16;
    values *objects = realloc(p->objects, capacity * sizeof *objects);
    if (!objects) return dla_fail_memory(r->err, "a pickle");
    p->objects = objects;
    p->object_capacity = capacity;
  }
  TRY(push(r, (dla_pickle_value){.kind = kind, .object = p->object_count}));
  p->objects[p->object_count++] = (values){0};
  return DLA_OK;
}

/* Moves the last `count` values of the stack into an object. */
static dla_status move_into(reader *r, size_t object, size_t count)
{
  values *target = &r->pickle->objects[object];
  TRY(reserve(r, target, count));
  r->stack.count -= count;
  if (count)
    memcpy(target->items + target->count, r->stack.items + r->stack.count,
           count * sizeof *target->items);
  target->count += count;
  return DLA_OK;
}

static dla_status op_empty(reader *r, size_t kind)
{
  return push_object(r, (dla_pickle_kind)kind);
}

/* Replaces the last `count` values by an object that holds them. */
static dla_status wrap(reader *r, dla_pickle_kind kind, size_t count)
{
  dla_pickle_value *parts = NULL, object;
  TRY(top(r, count, &parts));
  TRY(push_object(r, kind));
  object = r->stack.items[--r->stack.count];
  TRY(move_into(r, object.object, count));
  return push(r, object);
}

static dla_status op_small_tuple(reader *r, size_t count)
{
  return wrap(r, DLA_PICKLE_TUPLE, count);
}

static dla_status op_tuple(reader *r, size_t unused)
{
  (void)unused;
  size_t count = 0;
  TRY(count_to_mark(r, &count));
  TRY(wrap(r, DLA_PICKLE_TUPLE, count));
  r->stack.items[r->stack.count - 2] = r->stack.items[r->stack.count - 1];
  r->stack.count--;
  return DLA_OK;
}

/* Adds the last `count` values to the list or dict that lies `below` values under them. */
static dla_status extend(reader *r, dla_pickle_kind kind, size_t count, size_t below)
{
  if (r->stack.count < count + below + 1) return FAIL(r, "the pickle's stack is empty");
  dla_pickle_value target = r->stack.items[r->stack.count - count - below - 1];
  if (target.kind != kind)
    return FAIL(r, "the pickle adds to something that is no %s",
                kind == DLA_PICKLE_LIST ? "list" : "dict");
  if (kind == DLA_PICKLE_DICT && count % 2) return FAIL(r, "the pickle has a key without a value");
  TRY(move_into(r, target.object, count));
  r->stack.count -= below;
  return DLA_OK;
}

/* One item for a list, one pair for a dict. */
static dla_status op_add_one(reader *r, size_t kind)
{
  dla_pickle_value *added = NULL;
  size_t count = kind == DLA_PICKLE_DICT ? 2 : 1;
  TRY(top(r, count, &added));
  return extend(r, (dla_pickle_kind)kind, count, 0);
}

/* All that is above the mark. */
static dla_status op_add_many(reader *r, size_t kind)
{
  size_t count = 0;
  TRY(count_to_mark(r, &count));
  return extend(r, (dla_pickle_kind)kind, count, 1);
}

/* ---- The memo, by which a pickle says "the same again" ---- */

static dla_status put(reader *r, size_t index)
{
  dla_pickle_value *value = NULL;
  TRY(top(r, 1, &value));
  if (index >= OPCODES_MAX) return FAIL(r, "the pickle's memo has an entry %zu", index);
  if (index >= r->memo.count) {
    size_t more = index + 1 - r->memo.count;
    TRY(reserve(r, &r->memo, more));
    for (size_t i = r->memo.count; i <= index; i++) /* what was never put reads as a mark */
      r->memo.items[i] = (dla_pickle_value){.kind = DLA_PICKLE_MARK};
    r->memo.count += more;
  }
  r->memo.items[index] = *value;
  return DLA_OK;
}

static dla_status op_put(reader *r, size_t width)
{
  size_t index = 0;
  TRY(take_unsigned(r, width, &index));
  return put(r, index);
}

static dla_status op_memoize(reader *r, size_t unused)
{
  (void)unused;
  return put(r, r->memo.count);
}

static dla_status op_get(reader *r, size_t width)
{
  size_t index = 0;
  TRY(take_unsigned(r, width, &index));
  if (index >= r->memo.count || r->memo.items[index].kind == DLA_PICKLE_MARK)
    return FAIL(r, "the pickle's memo has no entry %zu", index);
  return push(r, r->memo.items[index]);
}

/* ---- Callables, which are only names here ---- */

static const struct {
  const char *module, *name;
  dla_pickle_global global;
} globals[] = {
    {"numpy.core.multiarray", "_reconstruct", DLA_PICKLE_RECONSTRUCT},
    {"numpy._core.multiarray", "_reconstruct", DLA_PICKLE_RECONSTRUCT}, /* numpy 2 */
    {"numpy", "ndarray", DLA_PICKLE_NDARRAY},
    {"numpy", "dtype", DLA_PICKLE_DTYPE},
    {"_codecs", "encode", DLA_PICKLE_ENCODE},
};

static bool equals(const uint8_t *bytes, size_t count, const char *text)
{
  return count == strlen(text) && memcmp(bytes, text, count) == 0;
}

static int printable(size_t count)
{
  return count < 100 ? (int)count : 100;
}

static dla_status push_global(reader *r, const uint8_t *module, size_t module_length,
                              const uint8_t *name, size_t name_length)
{
  for (size_t i = 0; i < sizeof globals / sizeof *globals; i++)
    if (equals(module, module_length, globals[i].module) &&
        equals(name, name_length, globals[i].name))
      return push(r, (dla_pickle_value){.kind = DLA_PICKLE_GLOBAL, .integer = globals[i].global});
  return FAIL(r, "the pickle wants to call %.*s.%.*s, which no dataset needs",
              printable(module_length), (const char *)module, printable(name_length),
              (const char *)name);
}

static dla_status take_line(reader *r, const uint8_t **line, size_t *length)
{
  size_t left = r->blob->size - r->position;
  const uint8_t *start = r->blob->bytes + r->position;
  const uint8_t *end = left ? memchr(start, '\n', left) : NULL;
  if (!end) return FAIL(r, "the file is cut short within a name");
  *length = (size_t)(end - start);
  *line = start;
  r->position += *length + 1;
  return DLA_OK;
}

static dla_status op_global(reader *r, size_t unused)
{
  (void)unused;
  const uint8_t *module = NULL, *name = NULL;
  size_t module_length = 0, name_length = 0;
  TRY(take_line(r, &module, &module_length));
  TRY(take_line(r, &name, &name_length));
  return push_global(r, module, module_length, name, name_length);
}

static dla_status op_stack_global(reader *r, size_t unused)
{
  (void)unused;
  dla_pickle_value *v = NULL;
  TRY(top(r, 2, &v));
  if (v[0].kind != DLA_PICKLE_STRING || v[1].kind != DLA_PICKLE_STRING)
    return FAIL(r, "the pickle names a callable by something that is no string");
  r->stack.count -= 2;
  return push_global(r, v[0].bytes, v[0].count, v[1].bytes, v[1].count);
}

/* UTF-8 text of code points below 256 -> the bytes that they number. They never get longer, so
 * the text's own place holds them. */
static dla_status decode_latin1(reader *r, dla_pickle_value *text)
{
  uint8_t *from = r->blob->bytes + (text->bytes - r->blob->bytes), *to = from;
  const uint8_t *end = from + text->count;
  while (from < end) {
    uint8_t byte = *from++;
    if (byte >= 0x80) {
      if ((byte & 0xfe) != 0xc2 || from == end || (*from & 0xc0) != 0x80)
        return FAIL(r, "the pickle has text that stands for no bytes");
      byte = (uint8_t)(byte << 6 | (*from++ & 0x3f));
    }
    *to++ = byte;
  }
  text->count = (size_t)(to - text->bytes);
  return DLA_OK;
}

/* _codecs.encode(text, "latin1") is a string; any other call stays as it was written. */
static dla_status op_reduce(reader *r, size_t unused)
{
  (void)unused;
  dla_pickle_value *v = NULL;
  TRY(top(r, 2, &v));
  if (v[0].kind != DLA_PICKLE_GLOBAL || v[1].kind != DLA_PICKLE_TUPLE)
    return FAIL(r, "the pickle calls something that cannot be called");
  if (v[0].integer != DLA_PICKLE_ENCODE) return wrap(r, DLA_PICKLE_CALL, 2);
  const values *arguments = &r->pickle->objects[v[1].object];
  if (arguments->count != 2 || arguments->items[0].kind != DLA_PICKLE_STRING ||
      arguments->items[1].kind != DLA_PICKLE_STRING ||
      !equals(arguments->items[1].bytes, arguments->items[1].count, "latin1"))
    return FAIL(r, "the pickle encodes text in another way than latin1");
  dla_pickle_value text = arguments->items[0];
  TRY(decode_latin1(r, &text));
  r->stack.count -= 2;
  return push(r, text);
}

static dla_status op_build(reader *r, size_t unused)
{
  (void)unused;
  dla_pickle_value *v = NULL;
  TRY(top(r, 2, &v));
  if (v[0].kind != DLA_PICKLE_CALL || r->pickle->objects[v[0].object].count != 2)
    return FAIL(r, "the pickle sets the state of something that has none");
  return move_into(r, v[0].object, 1);
}

/* ---- The program ---- */

static dla_status op_proto(reader *r, size_t unused)
{
  (void)unused;
  size_t protocol = 0;
  TRY(take_unsigned(r, 1, &protocol));
  if (protocol < 2 || protocol > 4)
    return FAIL(r, "the pickle is of protocol %zu, and only 2 to 4 are read", protocol);
  return DLA_OK;
}

/* A frame only tells a reader of streams how much to fetch. */
static dla_status op_frame(reader *r, size_t unused)
{
  (void)unused;
  const uint8_t *length = NULL;
  return take(r, 8, &length);
}

static dla_status op_stop(reader *r, size_t unused)
{
  (void)unused;
  if (r->stack.count != 1 || r->stack.items[0].kind == DLA_PICKLE_MARK)
    return FAIL(r, "the pickle ends with %zu values, not one", r->stack.count);
  r->pickle->root = r->stack.items[0];
  r->stopped = true;
  return DLA_OK;
}

typedef struct opcode {
  dla_status (*run)(reader *r, size_t argument);
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
};
/* clang-format on */

static dla_status run(reader *r)
{
  if (r->blob->size == 0 || r->blob->bytes[0] != 0x80) return FAIL(r, "this is no pickle");
  for (size_t count = 0; !r->stopped; count++) {
    const uint8_t *code = NULL;
    r->opcode = r->position;
    if (count == OPCODES_MAX) return FAIL(r, "the pickle goes on after %zu opcodes", count);
    TRY(take(r, 1, &code));
    if (!opcodes[*code].run) return FAIL(r, "the pickle has an unknown opcode 0x%02x", *code);
    TRY(opcodes[*code].run(r, opcodes[*code].argument));
  }
  if (r->position != r->blob->size)
    return dla_blob_fail(r->blob, r->position, r->err, "%zu bytes follow the pickle's end",
                         r->blob->size - r->position);
  return DLA_OK;
}

dla_status dla_pickle_read(const dla_blob *blob, dla_pickle **pickle, dla_error *err)
{
  reader r = {.blob = blob, .err = err, .pickle = calloc(1, sizeof **pickle)};
  if (!r.pickle) return dla_fail_memory(err, "a pickle");
  dla_status status = run(&r);
  free(r.stack.items);
  free(r.memo.items);
  if (status == DLA_OK)
    *pickle = r.pickle;
  else
    dla_pickle_free(r.pickle);
  return status;
}

void dla_pickle_free(dla_pickle *pickle)
{
  if (!pickle) return;
  for (size_t i = 0; i < pickle->object_count; i++)
    free(pickle->objects[i].items);
  free(pickle->objects);
  free(pickle);
}

const dla_pickle_value *dla_pickle_root(const dla_pickle *pickle)
{
  return &pickle->root;
}

const dla_pickle_value *dla_pickle_items(const dla_pickle *pickle, const dla_pickle_value *value,
                                         size_t *count)
{
  *count = 0;
  if (value->kind < DLA_PICKLE_LIST || value->kind == DLA_PICKLE_GLOBAL) return NULL;
  *count = pickle->objects[value->object].count;
  return pickle->objects[value->object].items;
}

const dla_pickle_value *dla_pickle_get(const dla_pickle *pickle, const dla_pickle_value *dict,
                                       const char *key)
{
  if (dict->kind != DLA_PICKLE_DICT) return NULL;
  size_t count = 0;
  const dla_pickle_value *items = dla_pickle_items(pickle, dict, &count);
  for (size_t i = 0; i + 1 < count; i += 2)
    if (items[i].kind == DLA_PICKLE_STRING && equals(items[i].bytes, items[i].count, key))
      return &items[i + 1];
  return NULL;
}
