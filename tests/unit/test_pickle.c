#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "data/formats/pickle.h"
#include "pickle/numpy.h"
#include "pickle_writer.h"

/* Of {b'data': numpy.array([[0, 1, 127], [128, 200, 255]], uint8), b'labels': [3, 300, 70000],
 * b'names': [b'a\xe9', b'b', b'b']} by CPython 3.11 and numpy 1.24; in protocol 4 with str. */
static const uint8_t python3_protocol2[] = {
    0x80, 0x02, 0x7d, 0x71, 0x00, 0x28, 0x63, 0x5f, 0x63, 0x6f, 0x64, 0x65, 0x63, 0x73, 0x0a, 0x65,
    0x6e, 0x63, 0x6f, 0x64, 0x65, 0x0a, 0x71, 0x01, 0x58, 0x04, 0x00, 0x00, 0x00, 0x64, 0x61, 0x74,
    0x61, 0x71, 0x02, 0x58, 0x06, 0x00, 0x00, 0x00, 0x6c, 0x61, 0x74, 0x69, 0x6e, 0x31, 0x71, 0x03,
    0x86, 0x71, 0x04, 0x52, 0x71, 0x05, 0x63, 0x6e, 0x75, 0x6d, 0x70, 0x79, 0x2e, 0x63, 0x6f, 0x72,
    0x65, 0x2e, 0x6d, 0x75, 0x6c, 0x74, 0x69, 0x61, 0x72, 0x72, 0x61, 0x79, 0x0a, 0x5f, 0x72, 0x65,
    0x63, 0x6f, 0x6e, 0x73, 0x74, 0x72, 0x75, 0x63, 0x74, 0x0a, 0x71, 0x06, 0x63, 0x6e, 0x75, 0x6d,
    0x70, 0x79, 0x0a, 0x6e, 0x64, 0x61, 0x72, 0x72, 0x61, 0x79, 0x0a, 0x71, 0x07, 0x4b, 0x00, 0x85,
    0x71, 0x08, 0x68, 0x01, 0x58, 0x01, 0x00, 0x00, 0x00, 0x62, 0x71, 0x09, 0x68, 0x03, 0x86, 0x71,
    0x0a, 0x52, 0x71, 0x0b, 0x87, 0x71, 0x0c, 0x52, 0x71, 0x0d, 0x28, 0x4b, 0x01, 0x4b, 0x02, 0x4b,
    0x03, 0x86, 0x71, 0x0e, 0x63, 0x6e, 0x75, 0x6d, 0x70, 0x79, 0x0a, 0x64, 0x74, 0x79, 0x70, 0x65,
    0x0a, 0x71, 0x0f, 0x58, 0x02, 0x00, 0x00, 0x00, 0x75, 0x31, 0x71, 0x10, 0x89, 0x88, 0x87, 0x71,
    0x11, 0x52, 0x71, 0x12, 0x28, 0x4b, 0x03, 0x58, 0x01, 0x00, 0x00, 0x00, 0x7c, 0x71, 0x13, 0x4e,
    0x4e, 0x4e, 0x4a, 0xff, 0xff, 0xff, 0xff, 0x4a, 0xff, 0xff, 0xff, 0xff, 0x4b, 0x00, 0x74, 0x71,
    0x14, 0x62, 0x89, 0x68, 0x01, 0x58, 0x09, 0x00, 0x00, 0x00, 0x00, 0x01, 0x7f, 0xc2, 0x80, 0xc3,
    0x88, 0xc3, 0xbf, 0x71, 0x15, 0x68, 0x03, 0x86, 0x71, 0x16, 0x52, 0x71, 0x17, 0x74, 0x71, 0x18,
    0x62, 0x68, 0x01, 0x58, 0x06, 0x00, 0x00, 0x00, 0x6c, 0x61, 0x62, 0x65, 0x6c, 0x73, 0x71, 0x19,
    0x68, 0x03, 0x86, 0x71, 0x1a, 0x52, 0x71, 0x1b, 0x5d, 0x71, 0x1c, 0x28, 0x4b, 0x03, 0x4d, 0x2c,
    0x01, 0x4a, 0x70, 0x11, 0x01, 0x00, 0x65, 0x68, 0x01, 0x58, 0x05, 0x00, 0x00, 0x00, 0x6e, 0x61,
    0x6d, 0x65, 0x73, 0x71, 0x1d, 0x68, 0x03, 0x86, 0x71, 0x1e, 0x52, 0x71, 0x1f, 0x5d, 0x71, 0x20,
    0x28, 0x68, 0x01, 0x58, 0x03, 0x00, 0x00, 0x00, 0x61, 0xc3, 0xa9, 0x71, 0x21, 0x68, 0x03, 0x86,
    0x71, 0x22, 0x52, 0x71, 0x23, 0x68, 0x0b, 0x68, 0x0b, 0x65, 0x75, 0x2e};
static const uint8_t python3_protocol3[] = {
    0x80, 0x03, 0x7d, 0x71, 0x00, 0x28, 0x43, 0x04, 0x64, 0x61, 0x74, 0x61, 0x71, 0x01, 0x63, 0x6e,
    0x75, 0x6d, 0x70, 0x79, 0x2e, 0x63, 0x6f, 0x72, 0x65, 0x2e, 0x6d, 0x75, 0x6c, 0x74, 0x69, 0x61,
    0x72, 0x72, 0x61, 0x79, 0x0a, 0x5f, 0x72, 0x65, 0x63, 0x6f, 0x6e, 0x73, 0x74, 0x72, 0x75, 0x63,
    0x74, 0x0a, 0x71, 0x02, 0x63, 0x6e, 0x75, 0x6d, 0x70, 0x79, 0x0a, 0x6e, 0x64, 0x61, 0x72, 0x72,
    0x61, 0x79, 0x0a, 0x71, 0x03, 0x4b, 0x00, 0x85, 0x71, 0x04, 0x43, 0x01, 0x62, 0x71, 0x05, 0x87,
    0x71, 0x06, 0x52, 0x71, 0x07, 0x28, 0x4b, 0x01, 0x4b, 0x02, 0x4b, 0x03, 0x86, 0x71, 0x08, 0x63,
    0x6e, 0x75, 0x6d, 0x70, 0x79, 0x0a, 0x64, 0x74, 0x79, 0x70, 0x65, 0x0a, 0x71, 0x09, 0x58, 0x02,
    0x00, 0x00, 0x00, 0x75, 0x31, 0x71, 0x0a, 0x89, 0x88, 0x87, 0x71, 0x0b, 0x52, 0x71, 0x0c, 0x28,
    0x4b, 0x03, 0x58, 0x01, 0x00, 0x00, 0x00, 0x7c, 0x71, 0x0d, 0x4e, 0x4e, 0x4e, 0x4a, 0xff, 0xff,
    0xff, 0xff, 0x4a, 0xff, 0xff, 0xff, 0xff, 0x4b, 0x00, 0x74, 0x71, 0x0e, 0x62, 0x89, 0x43, 0x06,
    0x00, 0x01, 0x7f, 0x80, 0xc8, 0xff, 0x71, 0x0f, 0x74, 0x71, 0x10, 0x62, 0x43, 0x06, 0x6c, 0x61,
    0x62, 0x65, 0x6c, 0x73, 0x71, 0x11, 0x5d, 0x71, 0x12, 0x28, 0x4b, 0x03, 0x4d, 0x2c, 0x01, 0x4a,
    0x70, 0x11, 0x01, 0x00, 0x65, 0x43, 0x05, 0x6e, 0x61, 0x6d, 0x65, 0x73, 0x71, 0x13, 0x5d, 0x71,
    0x14, 0x28, 0x43, 0x02, 0x61, 0xe9, 0x71, 0x15, 0x68, 0x05, 0x68, 0x05, 0x65, 0x75, 0x2e};
static const uint8_t python3_protocol4[] = {
    0x80, 0x04, 0x95, 0xc8, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x7d, 0x94, 0x28, 0x8c, 0x04,
    0x64, 0x61, 0x74, 0x61, 0x94, 0x8c, 0x15, 0x6e, 0x75, 0x6d, 0x70, 0x79, 0x2e, 0x63, 0x6f, 0x72,
    0x65, 0x2e, 0x6d, 0x75, 0x6c, 0x74, 0x69, 0x61, 0x72, 0x72, 0x61, 0x79, 0x94, 0x8c, 0x0c, 0x5f,
    0x72, 0x65, 0x63, 0x6f, 0x6e, 0x73, 0x74, 0x72, 0x75, 0x63, 0x74, 0x94, 0x93, 0x94, 0x8c, 0x05,
    0x6e, 0x75, 0x6d, 0x70, 0x79, 0x94, 0x8c, 0x07, 0x6e, 0x64, 0x61, 0x72, 0x72, 0x61, 0x79, 0x94,
    0x93, 0x94, 0x4b, 0x00, 0x85, 0x94, 0x43, 0x01, 0x62, 0x94, 0x87, 0x94, 0x52, 0x94, 0x28, 0x4b,
    0x01, 0x4b, 0x02, 0x4b, 0x03, 0x86, 0x94, 0x68, 0x05, 0x8c, 0x05, 0x64, 0x74, 0x79, 0x70, 0x65,
    0x94, 0x93, 0x94, 0x8c, 0x02, 0x75, 0x31, 0x94, 0x89, 0x88, 0x87, 0x94, 0x52, 0x94, 0x28, 0x4b,
    0x03, 0x8c, 0x01, 0x7c, 0x94, 0x4e, 0x4e, 0x4e, 0x4a, 0xff, 0xff, 0xff, 0xff, 0x4a, 0xff, 0xff,
    0xff, 0xff, 0x4b, 0x00, 0x74, 0x94, 0x62, 0x89, 0x43, 0x06, 0x00, 0x01, 0x7f, 0x80, 0xc8, 0xff,
    0x94, 0x74, 0x94, 0x62, 0x8c, 0x06, 0x6c, 0x61, 0x62, 0x65, 0x6c, 0x73, 0x94, 0x5d, 0x94, 0x28,
    0x4b, 0x03, 0x4d, 0x2c, 0x01, 0x4a, 0x70, 0x11, 0x01, 0x00, 0x65, 0x8c, 0x05, 0x6e, 0x61, 0x6d,
    0x65, 0x73, 0x94, 0x5d, 0x94, 0x28, 0x8c, 0x01, 0x61, 0x94, 0x8c, 0x01, 0x62, 0x94, 0x68, 0x1b,
    0x65, 0x75, 0x2e};

static char name[] = "pickle";

/* The bytes, copied to a block of just their size, so that sanitizers see the end. */
static dla_blob new_blob(const void *bytes, size_t size)
{
  dla_blob blob = {.name = name, .bytes = malloc(size ? size : 1), .size = size};
  assert_non_null(blob.bytes);
  if (size) memcpy(blob.bytes, bytes, size);
  return blob;
}

static void check_fixture(const uint8_t *bytes, size_t size, size_t accented_length)
{
  static const uint8_t expected[] = {0, 1, 127, 128, 200, 255};
  dla_error err = {0};
  dla_pickle *pickle = NULL;
  dla_blob blob = new_blob(bytes, size);
  if (dla_pickle_read(&blob, &pickle, &err) != DLA_OK) fail_msg("%s: %s", err.where, err.what);
  const dla_pickle_value *root = dla_pickle_root(pickle), *value;
  size_t count;

  dla_numpy_array array;
  value = dla_pickle_get(pickle, root, "data");
  assert_non_null(value);
  assert_null(dla_numpy_read_array(pickle, value, &array));
  assert_true(array.rank == 2 && array.dim[0] == 2 && array.dim[1] == 3);
  assert_memory_equal(array.bytes, expected, sizeof expected);

  value = dla_pickle_get(pickle, root, "labels");
  assert_non_null(value);
  const dla_pickle_value *items = dla_pickle_items(pickle, value, &count);
  assert_int_equal(count, 3);
  assert_int_equal(items[0].integer, 3);
  assert_int_equal(items[1].integer, 300);
  assert_int_equal(items[2].integer, 70000);

  items = dla_pickle_items(pickle, dla_pickle_get(pickle, root, "names"), &count);
  assert_int_equal(count, 3);
  assert_int_equal(items[0].count, accented_length);
  assert_memory_equal(items[0].bytes, "a\xe9", accented_length);
  assert_memory_equal(items[2].bytes, "b", 1);

  assert_null(dla_pickle_get(pickle, root, "label"));
  assert_null(dla_pickle_get(pickle, value, "data"));
  dla_pickle_free(pickle);
  free(blob.bytes);
}

static void reads_what_python_3_writes(void **state)
{
  (void)state;
  check_fixture(python3_protocol2, sizeof python3_protocol2, 2);
  check_fixture(python3_protocol3, sizeof python3_protocol3, 2);
  check_fixture(python3_protocol4, sizeof python3_protocol4, 1);
}

/* LONG1 is two's complement of any length, BINFLOAT the most significant byte first. */
static void reads_numbers(void **state)
{
  (void)state;
  static const uint8_t bytes[] =
      "\x80\x02](\x8a\x00\x8a\x01\xff\x8a\x02\x00\x80\x8a\x03\xff\xff\x7f"
      "\x8a\x08\x00\x00\x00\x00\x00\x00\x00\x80G?\xe0\0\0\0\0\0\0e.";
  static const int64_t expected[] = {0, -1, -32768, 0x7fffff, INT64_MIN};
  dla_pickle *pickle = NULL;
  dla_error err = {0};
  size_t count;
  dla_blob blob = new_blob(bytes, sizeof bytes - 1);
  assert_int_equal(dla_pickle_read(&blob, &pickle, &err), DLA_OK);
  const dla_pickle_value *items = dla_pickle_items(pickle, dla_pickle_root(pickle), &count);
  assert_int_equal(count, 6);
  for (size_t i = 0; i < 5; i++) {
    assert_int_equal(items[i].kind, DLA_PICKLE_INT);
    assert_true(items[i].integer == expected[i]);
  }
  assert_int_equal(items[5].kind, DLA_PICKLE_FLOAT);
  assert_true(items[5].real == 0.5);
  dla_pickle_free(pickle);
  free(blob.bytes);
}

static dla_status read_bytes(const void *bytes, size_t size, dla_error *err)
{
  dla_pickle *pickle = NULL;
  dla_blob blob = new_blob(bytes, size);
  dla_status status = dla_pickle_read(&blob, &pickle, err);
  dla_numpy_array array;
  if (status == DLA_OK) {
    const dla_pickle_value *root = dla_pickle_root(pickle);
    const char *fault = dla_numpy_read_array(pickle, root, &array);
    if (fault) status = dla_blob_fail(&blob, root->offset, err, "%s", fault);
  }
  dla_pickle_free(pickle);
  free(blob.bytes);
  return status;
}

#define assert_refused(literal, expected_where, expected_what)                                     \
  do {                                                                                             \
    dla_error err = {0};                                                                           \
    assert_int_equal(read_bytes(literal, sizeof(literal) - 1, &err), DLA_E_INPUT);                 \
    assert_string_equal(err.where, expected_where);                                                \
    assert_string_equal(err.what, expected_what);                                                  \
  } while (0)

/* What a call would make is none of our business: it is named, and nothing runs. */
#define assert_titled(literal, expected)                                                           \
  do {                                                                                             \
    dla_error err = {0};                                                                           \
    char title[DLA_PICKLE_TITLE];                                                                  \
    dla_pickle *pickle = NULL;                                                                     \
    dla_blob blob = new_blob(literal, sizeof(literal) - 1);                                        \
    if (dla_pickle_read(&blob, &pickle, &err)) fail_msg("%s: %s", err.where, err.what);            \
    assert_string_equal(dla_pickle_title(pickle, dla_pickle_root(pickle), title), expected);       \
    dla_pickle_free(pickle);                                                                       \
    free(blob.bytes);                                                                              \
  } while (0)

static void callables_are_data(void **state)
{
  (void)state;
  assert_titled("\x80\x02"
                "cposix\nsystem\nU\x02id\x85R.",
                "posix.system");
  assert_titled("\x80\x04\x8c\x08"
                "builtins\x8c\x04"
                "eval\x93.",
                "builtins.eval");
  assert_titled("\x80\x02"
                "c\n\033[2J\n.",
                ".?[2J");
  /* INST, OBJ, NEWOBJ, NEWOBJ_EX, extension codes, persistent ids; a class of Python 2. */
  assert_titled("(iposix\nsystem\n.", "posix.system");
  assert_titled("(cposix\nsystem\nK\x01o.", "posix.system");
  assert_titled("\x80\x02"
                "cargparse\nNamespace\n)\x81}U\x02lrG?\xe0\0\0\0\0\0\0sb.",
                "argparse.Namespace");
  assert_titled("\x80\x04"
                "ca\nb\n)}\x92.",
                "a.b");
  assert_titled("\x80\x02\x82\x01.", "copyreg.extension");
  assert_titled("\x80\x02NQ.", "something outside of it");
  assert_titled("ccopy_reg\n_reconstructor\n(cpkg\nThing\nc__builtin__\nobject\nNtR.", "pkg.Thing");
  assert_titled("\x80\x02"
                "cbuiltins\nset\n]\x85R.",
                "builtins.set");
  assert_titled("\x80\x04\x8f(K\x01\x90.", "a set");
  assert_titled("\x80\x04(K\x01K\x02\x91.", "a set");
  assert_titled("\x80\x05\x96\x02\0\0\0\0\0\0\0ab.", "a text");
  assert_titled("\x80\x02\x8a\t\x05\0\0\0\0\0\0\0\x01.", "an int");
  assert_titled("L36893488147419103237L\n.", "an int");
}

/* A class that is a dict keeps its entries; Python 2's OrderedDict has them as pairs. */
static void dicts_of_any_class_have_entries(void **state)
{
  (void)state;
  static const char *const dicts[] = {
      "\x80\x02}U\x01kK\x07s.",
      "\x80\x02"
      "ccollections\nOrderedDict\n)RU\x01kK\x07s.",
      "\x80\x02"
      "ccollections\nOrderedDict\n](](U\x01kK\x07"
      "ee\x85R.",
      "\x80\x02"
      "ccollections\ndefaultdict\nc__builtin__\nlist\n\x85R(U\x01kK\x07u.",
      "\x80\x02"
      "ceasydict\nEasyDict\n)\x81U\x01kK\x05sU\x01kK\x07s}b.",
      "(dS'k'\nI7\ns.",
      "(Vk\nI7\nd.",
  };
  for (size_t i = 0; i < sizeof dicts / sizeof *dicts; i++) {
    dla_error err = {0};
    dla_pickle *pickle = NULL;
    dla_blob blob = new_blob(dicts[i], strlen(dicts[i]));
    if (dla_pickle_read(&blob, &pickle, &err)) fail_msg("%zu: %s: %s", i, err.where, err.what);
    const dla_pickle_value *value = dla_pickle_get(pickle, dla_pickle_root(pickle), "k");
    if (!value || value->integer != 7) fail_msg("%zu: no entry", i);
    dla_pickle_free(pickle);
    free(blob.bytes);
  }
}

/* Protocol 0 is lines of text. */
static void reads_protocol_0(void **state)
{
  (void)state;
  static const char text[] =
      "(lp0\nI01\naI-7\naL12L\naF0.25\naS'a\\x41\\n\\''\naVz\\u00e9\xe9\np1\nag1\na"
      "V\\U0001f338\\Uffffffff\na.";
  dla_error err = {0};
  size_t count;
  dla_pickle *pickle = NULL;
  dla_blob blob = new_blob(text, sizeof text - 1);
  if (dla_pickle_read(&blob, &pickle, &err)) fail_msg("%s: %s", err.where, err.what);
  const dla_pickle_value *v = dla_pickle_items(pickle, dla_pickle_root(pickle), &count);
  assert_int_equal(count, 8);
  assert_true(v[0].kind == DLA_PICKLE_BOOL && v[0].integer == 1);
  assert_true(v[1].kind == DLA_PICKLE_INT && v[1].integer == -7);
  assert_true(v[2].kind == DLA_PICKLE_INT && v[2].integer == 12);
  assert_true(v[3].kind == DLA_PICKLE_FLOAT && v[3].real == 0.25);
  assert_true(dla_pickle_is_string(&v[4], "aA\n'"));
  assert_true(dla_pickle_is_string(&v[5], "z\u00e9\u00e9"));
  assert_true(dla_pickle_is_string(&v[6], "z\u00e9\u00e9"));
  assert_true(dla_pickle_is_string(&v[7], "\U0001f338\\Uffffffff")); /* no such character */
  dla_pickle_free(pickle);
  free(blob.bytes);
}

static void expect_scalar(const char *bytes, size_t size, double expected)
{
  dla_error err = {0};
  double number = 0;
  dla_pickle *pickle = NULL;
  dla_blob blob = new_blob(bytes, size);
  if (dla_pickle_read(&blob, &pickle, &err)) fail_msg("%s: %s", err.where, err.what);
  assert_true(dla_numpy_read_scalar(pickle, dla_pickle_root(pickle), &number));
  assert_true(number == expected);
  dla_pickle_free(pickle);
  free(blob.bytes);
}

static void numpy_scalars_are_numbers(void **state)
{
  (void)state;
#define SCALAR(module, type, bytes)                                                                \
  "\x80\x02"                                                                                       \
  "c" module "\nscalar\ncnumpy\ndtype\nU\x02" type "K\0K\x01\x87R" bytes "\x86R."
  static const char f8[] = SCALAR("numpy.core.multiarray", "f8", "U\x08\0\0\0\0\0\xc0K@");
  static const char i4[] = SCALAR("numpy._core.multiarray", "i4", "U\x04\xfe\xff\xff\xff");
  static const char f2[] = SCALAR("numpy.core.multiarray", "f2", "U\x02\0<");
  static const char b1[] = SCALAR("numpy.core.multiarray", "b1", "U\x01\x01");
  expect_scalar(f8, sizeof f8 - 1, 55.5);
  expect_scalar(i4, sizeof i4 - 1, -2);
  expect_scalar(f2, sizeof f2 - 1, 1);
  expect_scalar(b1, sizeof b1 - 1, 1);
}

static void broken_programs_are_refused(void **state)
{
  (void)state;
  assert_refused("", "pickle, byte 0", "this is no pickle");
  assert_refused("Hello", "pickle, byte 0", "this is no pickle");
  assert_refused("\x80\x06N.", "pickle, byte 0",
                 "the pickle is of protocol 6, and 0 to 5 are read");
  assert_refused("\x80\x02", "pickle, byte 2",
                 "the file is cut short: 1 bytes are needed, and 0 left");
  assert_refused("\x80\x02T\xff\xff\xff\xff"
                 "abc",
                 "pickle, byte 7",
                 "the file is cut short: 4294967295 bytes are needed, and 3 left");
  assert_refused("\x80\x02.", "pickle, byte 2", "the pickle's stack is empty");
  assert_refused("\x80\x02(.", "pickle, byte 3", "the pickle's stack is empty");
  assert_refused("\x80\x02N.N", "pickle, byte 4", "1 bytes follow the pickle's end");
  assert_refused("\x80\x02]e.", "pickle, byte 3", "the pickle has no mark where it needs one");
  assert_refused("\x80\x02N(Ne.", "pickle, byte 5", "the pickle adds to something that is no list");
  assert_refused("\x80\x02(e.", "pickle, byte 3", "the pickle's stack is empty");
  assert_refused("\x80\x02}(Nu.", "pickle, byte 5", "the pickle has a key without a value");
  assert_refused("\x80\x02h\x07.", "pickle, byte 2", "the pickle's memo has no entry 7");
  assert_refused("\x80\x02Nq\x05h\x04.", "pickle, byte 5", "the pickle's memo has no entry 4");
  assert_refused("\x80\x02Nr\x40\0\0\0.", "pickle, byte 3", "the pickle's memo has an entry 64");
  assert_refused("\x80\x02Nr\xff\xff\xff\xff.", "pickle, byte 3",
                 "the pickle's memo has an entry 4294967295");
  assert_refused("\x80\x02N(\x85.", "pickle, byte 4", "the pickle's stack is empty");
  assert_refused("\x80\x02"
                 "c_codecs\nencode\nX\x02\0\0\0\xe2\x82U\x06latin1\x86R.",
                 "pickle, byte 34", "the pickle has text that stands for no bytes");
  assert_refused("\x80\x02"
                 "c_codecs",
                 "pickle, byte 2", "the file is cut short within a line");
}

static void arrays_that_lie_are_refused(void **state)
{
  (void)state;
#define ARRAY                                                                                      \
  "\x80\x02"                                                                                       \
  "cnumpy.core.multiarray\n_reconstruct\n)R"
#define DTYPE(type) "cnumpy\ndtype\nU\x02" type "\x85R"
  assert_refused("\x80\x02K\x01.", "pickle, byte 2", "this is no numpy array");
  assert_refused(ARRAY ".", "pickle, byte 39", "the numpy array has no contents");
  assert_refused(ARRAY "(K\x01K\x02K\x03\x86" DTYPE("u1") "\x89U\x05"
                                                          "12345tb.",
                 "pickle, byte 39", "the numpy array has more or fewer bytes than its shape");
  assert_refused(ARRAY "(K\x01K\x02J\xff\xff\xff\xff\x86" DTYPE("u1") "\x89U\x01"
                                                                      "1tb.",
                 "pickle, byte 39", "the numpy array has no shape");
  assert_refused(ARRAY "(K\x01K\x01K\x08\x86" DTYPE("S8") "\x89U\x08"
                                                          "12345678tb.",
                 "pickle, byte 39", "the numpy array holds something else than numbers");
}

/* Every prefix of a good pickle, and every byte of it changed, is refused or read, never more. */
static void damaged_pickles_do_no_harm(void **state)
{
  (void)state;
  dla_strbuf text = {0};
  PICKLE(&text, "\x80\x02");
  pickle_array(&text, (const uint8_t *)"abcdef", 2, 3);
  PICKLE(&text, ".");
  dla_error err;
  assert_int_equal(read_bytes(text.text, text.length, &err), DLA_OK);
  for (size_t size = 0; size < text.length; size++)
    assert_int_equal(read_bytes(text.text, size, &err), DLA_E_INPUT);
  for (size_t i = 0; i < text.length; i++)
    for (int bit = 0; bit < 8; bit++) {
      text.text[i] = (char)(text.text[i] ^ 1 << bit);
      read_bytes(text.text, text.length, &err);
      text.text[i] = (char)(text.text[i] ^ 1 << bit);
    }
  dla_strbuf_free(&text);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(reads_what_python_3_writes),
      cmocka_unit_test(reads_numbers),
      cmocka_unit_test(callables_are_data),
      cmocka_unit_test(dicts_of_any_class_have_entries),
      cmocka_unit_test(reads_protocol_0),
      cmocka_unit_test(numpy_scalars_are_numbers),
      cmocka_unit_test(broken_programs_are_refused),
      cmocka_unit_test(arrays_that_lie_are_refused),
      cmocka_unit_test(damaged_pickles_do_no_harm),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
