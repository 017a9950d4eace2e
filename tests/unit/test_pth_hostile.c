/* .pth files that lie. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "checkpoint/tensor_set.h"
#include "pickle_writer.h"
#include "zip_builder.h"

static const float numbers[16];

static dla_status parse(const zip_builder *zip, dla_error *err)
{
  dla_tensor_set set = {0};
  dla_status status =
      dla_tensor_set_parse("x.pth", zip->bytes.text, zip->bytes.length, "", &set, err);
  dla_tensor_set_free(&set);
  return status;
}

static void expect(const zip_builder *zip, const char *what)
{
  dla_error err = {0};
  dla_status status = parse(zip, &err);
  if (!what) {
    if (status) fail_msg("%s: %s", err.where, err.what);
    return;
  }
  assert_int_equal(status, DLA_E_INPUT);
  if (!strstr(err.what, what)) fail_msg("'%s' does not say '%s'", err.what, what);
}

/* A pickle beside a storage of 16 zeros, number 0. */
static void check_pickle(const char *pickle, size_t size, const char *what)
{
  zip_builder zip = {0};
  zip_add(&zip, "a/data.pkl", pickle, size);
  zip_add(&zip, "a/data/0", numbers, sizeof numbers);
  zip_end(&zip);
  expect(&zip, what);
  zip_free(&zip);
}

#define CHECK(pickle, what) check_pickle(pickle, sizeof(pickle) - 1, what)

#define TEXT(length, text)   "X" length "\0\0\0" text
#define GLOBAL(module, name) "c" module "\n" name "\n"
#define STORAGE(type, key, count)                                                                  \
  "(" TEXT("\7", "storage") GLOBAL("torch", type) TEXT("\1", key) TEXT("\3", "cpu") "K" count "tQ"
#define REBUILD(storage, offset, size, stride)                                                     \
  GLOBAL("torch._utils", "_rebuild_tensor_v2")                                                     \
  "(" storage offset size stride "\x89}tR"
#define TENSOR(offset, size, stride)                                                               \
  REBUILD(STORAGE("FloatStorage", "0", "\x10"), offset, size, stride)
#define WHOLE        TENSOR("K\0", "K\x10\x85", "K\1\x85")
#define ONE          TEXT("\1", "a") WHOLE
#define NET(content) "\x80\2}(" TEXT("\3", "net") "}(" content "uu."

static void tensors_that_lie_are_refused(void **state)
{
  (void)state;
  CHECK(NET(TEXT("\1", "a") WHOLE), NULL);
  CHECK(NET(TEXT("\1", "a") TENSOR("K\1", "K\x10\x85", "K\1\x85")), "beyond its storage");
  CHECK(NET(TEXT("\1", "a") TENSOR("K\0", "K\x11\x85", "K\1\x85")), "beyond its storage");
  CHECK(NET(TEXT("\1", "a") TENSOR("K\0", "K\x08\x85", "K\3\x85")), "beyond its storage");
  CHECK(NET(TEXT("\1", "a") TENSOR("K\0", "K\x11\x85", "K\0\x85")), NULL); /* expand() */
  CHECK(NET(TEXT("\1", "a") TENSOR("K\0", "J\xff\xff\xff\x7f\x85", "K\0\x85")), "too often");
  CHECK(NET(TEXT("\1", "a") TENSOR("J\xff\xff\xff\xff", "K\1\x85", "K\1\x85")), "offset, size or");
  CHECK(NET(TEXT("\1", "a") TENSOR("K\0", "J\xff\xff\xff\xff\x85", "K\1\x85")), "offset, size or");
  CHECK(NET(TEXT("\1", "a") TENSOR("K\0", "K\1\x85", "K\1K\1\x86")), "offset, size or");
  CHECK(NET(TEXT("\1", "a") TENSOR("K\0", "(K\1K\1K\1K\1K\1t", "(K\1K\1K\1K\1K\1t")), NULL);
#define HUGE_ "\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f"
  CHECK(NET(TEXT("\1", "a") TENSOR("K\0", HUGE_ HUGE_ "\x86", "K\1K\1\x86")), "too large");
  CHECK(NET(TEXT("\1", "a") TENSOR("K\0", "K\3\x85", HUGE_ "\x85")), "too large");
  CHECK(NET(TEXT("\1", "a") TENSOR(HUGE_, "K\3\x85", "K\1\x85")), "too large");
  CHECK(NET(TEXT("\1", "a") TENSOR("K\0", HUGE_ "K\0\x86", "K\1K\1\x86")), "too large");
}

static void storages_that_lie_are_refused(void **state)
{
  (void)state;
#define VIEW(storage) NET(TEXT("\1", "a") REBUILD(storage, "K\0", "K\1\x85", "K\1\x85"))
  CHECK(VIEW(STORAGE("FloatStorage", "1", "\x10")), "no member 'a/data/1'");
  CHECK(VIEW(STORAGE("FloatStorage", "0", "\x11")), "64 bytes, not 17 numbers");
  CHECK(VIEW(STORAGE("DoubleStorage", "0", "\x10")), "64 bytes, not 16 numbers");
  CHECK(VIEW(STORAGE("ComplexFloatStorage", "0", "\x10")), NULL);
  CHECK(VIEW("N"), "storage cannot be understood");
  CHECK(VIEW("NQ"), "storage cannot be understood");
  CHECK(VIEW(")Q"), "storage cannot be understood");
  CHECK(VIEW("(" TEXT("\5", "other") GLOBAL("torch", "FloatStorage") TEXT("\1", "0")
                 TEXT("\3", "cpu") "K\x10tQ"),
        "storage cannot be understood");
  CHECK(VIEW("(" TEXT("\7", "storage") GLOBAL("collections", "OrderedDict") TEXT("\1", "0")
                 TEXT("\3", "cpu") "K\x10tQ"),
        NULL);
  CHECK(NET(TEXT("\1", "a") GLOBAL("torch._utils", "_rebuild_tensor_v2") ")R"),
        "a dict without tensors");
  CHECK(NET(TEXT("\1", "a") GLOBAL("torch._utils", "_rebuild_parameter") ")R"),
        "a dict without tensors");
}

/* Its storage in many tensors makes a small file large. */
static void sharing_has_a_limit(void **state)
{
  (void)state;
  enum { BLOCK = 1 << 20, MANY = 300 }; /* a share of 256 MB is free */
  static const float block[BLOCK];
  for (int copies = 2; copies <= MANY; copies += MANY - 2) {
    zip_builder zip = {0};
    dla_strbuf pickle = {0};
    PICKLE(&pickle, "\x80\2}(");
    for (int i = 0; i < copies; i++) {
      char name[16];
      snprintf(name, sizeof name, "%d", i);
      pickle_string(&pickle, name);
      PICKLE(&pickle, GLOBAL("torch._utils", "_rebuild_tensor_v2") "((" TEXT("\7", "storage")
                          GLOBAL("torch", "FloatStorage") TEXT("\1", "0")
                              TEXT("\3", "cpu") "J\0\0\x10\0tQK\0J\0\0\x10\0\x85K\1\x85\x89}tR");
    }
    PICKLE(&pickle, "u.");
    zip_add(&zip, "a/data.pkl", pickle.text, pickle.length);
    zip_add(&zip, "a/data/0", block, sizeof block);
    zip_end(&zip);
    expect(&zip, copies == 2 ? NULL : "share their storages too often");
    zip_free(&zip);
    dla_strbuf_free(&pickle);
  }
}

static void dicts_that_lie_are_refused(void **state)
{
  (void)state;
  CHECK("\x80\2N.", "it holds None");
  CHECK("\x80\2}.", "no dict of tensors");
  CHECK("\x80\2}(" TEXT("\3", "net") "Nu.", "a dict without tensors");
  CHECK("\x80\2}(" TEXT("\3", "net") "}(" ONE "u" TEXT("\5", "model") "}(" ONE "uu.",
        "weights in 'net' and in 'model'");
  CHECK(NET(TEXT("\1", "a") WHOLE TEXT("\1", "a") WHOLE), "tensor 'model.a' twice");
  CHECK(NET(TEXT("\1", "a") WHOLE TEXT("\x8", "module.a") WHOLE), "tensor 'model.a' twice");
  CHECK(NET("K\1" WHOLE), "a dict without tensors");
  CHECK(NET(ONE "K\1" WHOLE), NULL);
  CHECK(NET(ONE TEXT("\1", "\0") WHOLE), NULL);
  CHECK(NET(TEXT("\1", "\x1b") WHOLE), "a name that cannot be");
  CHECK(NET(TEXT("\1", "\xff") WHOLE), "a name that cannot be");
#define WITH(key_length, key, value)                                                               \
  "\x80\2}(" TEXT("\3", "net") "}(" ONE "u" TEXT(key_length, key) value "u."
  CHECK(WITH("\5", "epoch", "]"), NULL);
  CHECK(WITH("\3", "acc", TEXT("\1", "1")), NULL);
  CHECK(WITH("\3", "acc", WHOLE), NULL);
  CHECK(WITH("\x9", "dla_train", "]"), "'dla_train' is no dict");
  CHECK(WITH("\x9", "dla_train", "}(" TEXT("\1", "a") "K\1u"), "should be a text");
  CHECK(WITH("\x9", "dla_train",
             "}(" TEXT("\1", "a") TEXT("\1", "1") TEXT("\1", "a") TEXT("\1", "2") "u"),
        "metadata 'a' twice");
  CHECK(WITH("\x9", "dla_train", "}(" TEXT("\6", "sha256") TEXT("\1", "0") "u"), "SHA-256");
}

/* Read, with one tensor and a warning. */
static void check_warning(const char *pickle, size_t size, const char *what)
{
  dla_error err = {0};
  dla_tensor_set set = {0};
  zip_builder zip = {0};
  zip_add(&zip, "a/data.pkl", pickle, size);
  zip_add(&zip, "a/data/0", numbers, sizeof numbers);
  zip_end(&zip);
  if (dla_tensor_set_parse("x.pth", zip.bytes.text, zip.bytes.length, "", &set, &err))
    fail_msg("%s: %s", err.where, err.what);
  assert_int_equal(set.tensor_count, 1);
  if (!strstr(dla_strbuf_text(&set.warnings), what))
    fail_msg("'%s' does not say '%s'", dla_strbuf_text(&set.warnings), what);
  dla_tensor_set_free(&set);
  zip_free(&zip);
}

#define WARN(pickle, what) check_warning(pickle, sizeof(pickle) - 1, what)

#define OPTIMIZER(net, state, groups)                                                              \
  "\x80\2}(" TEXT("\3", "net") "}(" net "u" TEXT("\x9", "optimizer") "}(" TEXT(                    \
      "\5", "state") "}(" state "u" TEXT("\xc", "param_groups") "](" groups "euu."
#define GROUP(numbers_)      "}" TEXT("\6", "params") "](" numbers_ "es"
#define KEPT(number, tensor) "K" number "}" TEXT("\xf", "momentum_buffer") tensor "s"

static void optimizers_that_lie_are_refused(void **state)
{
  (void)state;
  CHECK(OPTIMIZER(ONE, KEPT("\0", WHOLE), GROUP("K\0")), NULL);
  CHECK(OPTIMIZER(ONE, KEPT("\0", "N"), GROUP("K\0")), NULL);
  CHECK(OPTIMIZER(ONE, "", GROUP("K\0")), NULL);
  /* The weights are taken all the same. */
  WARN(OPTIMIZER(ONE, "", GROUP("K\0") GROUP("K\1")), "more parameters than the model");
  WARN(OPTIMIZER(ONE, "", ""), "no state_dict of torch.optim");
  WARN(OPTIMIZER(ONE, "", "}"), "no list of parameters");
  CHECK(OPTIMIZER(ONE, "", GROUP("K\1")), NULL); /* any number will do */
  WARN(OPTIMIZER(ONE, "", GROUP("K\0K\1")), "more parameters than the model");
  WARN(OPTIMIZER(ONE, "", GROUP("")), "0 parameters, but the model 1");
  CHECK(OPTIMIZER(ONE, KEPT("\0", WHOLE) KEPT("\0", WHOLE), GROUP("K\0")), NULL);
  WARN(OPTIMIZER(ONE, KEPT("\1", WHOLE), GROUP("K\0")), "what is no parameter");
  WARN(OPTIMIZER(ONE, "", GROUP("N")), "have no numbers");
  WARN(OPTIMIZER(ONE, KEPT("\0", TENSOR("K\0", "K\1\x85", "K\1\x85")), GROUP("K\0")),
       "has another shape");
  WARN(OPTIMIZER(ONE, KEPT("\0", "K\1"), GROUP("K\0")), "of 'a' is no tensor");
  WARN(OPTIMIZER(ONE, "K\0}" TEXT("\4", "step") "K\1s", GROUP("K\0")), "not that of sgd");
}

static const char one_tensor[] = NET(TEXT("\1", "a") WHOLE);

static void archives_that_lie_are_refused(void **state)
{
  (void)state;
  static const char *const what[] = {"is there twice",
                                     "decompression failed",
                                     "larger than such an archive",
                                     "larger than such an archive",
                                     "", /* what libarchive says */
                                     "no data.pkl",
                                     NULL /* big-endian */};
  static const uint32_t sizes[] = {0, 64, 4000000000u, 4000000000u, 70000};
  for (int kind = 0; kind < 7; kind++) {
    zip_builder zip = {0};
    if (kind != 5) zip_add(&zip, "a/data.pkl", one_tensor, sizeof one_tensor - 1);
    if (kind == 0) zip_add(&zip, "a/data.pkl", one_tensor, sizeof one_tensor - 1);
    if (kind > 0 && kind < 5)
      zip_add_as(&zip, "a/data/0", numbers, sizeof numbers, kind < 3 ? 8 : 0, sizes[kind]);
    if (kind > 4) zip_add(&zip, "a/byteorder", "big", 3);
    if (kind == 6) zip_add(&zip, "a/data/0", numbers, sizeof numbers);
    zip_end(&zip);
    expect(&zip, what[kind]);
    zip_free(&zip);
  }
}

/* torch.save puts the file's own name in front of the members'. */
static void a_name_need_not_be_ascii(void **state)
{
  (void)state;
  zip_builder zip = {0};
  zip_add(&zip, "gr\xc3\xbcn/data.pkl", one_tensor, sizeof one_tensor - 1);
  zip_add(&zip, "gr\xc3\xbcn/data/0", numbers, sizeof numbers);
  zip_end(&zip);
  expect(&zip, NULL);
  zip_free(&zip);
}

/* Each member contains the next: every size is true. It costs no more memory than any archive may.
 */
static void overlapping_members_do_no_harm(void **state)
{
  (void)state;
  enum { LEVELS = 8, HEADER = 32 };
  static const char zeros[1000];
  zip_builder level[LEVELS] = {0};
  const void *inner = zeros;
  size_t size = sizeof zeros;
  for (int i = 0; i < LEVELS; i++) {
    char name[3] = {'b', (char)('0' + i), 0};
    zip_add(&level[i], name, inner, size);
    inner = level[i].bytes.text;
    size = level[i].bytes.length;
  }
  zip_builder zip = {0};
  zip_add(&zip, "a/data.pkl", one_tensor, sizeof one_tensor - 1);
  uint32_t offset = (uint32_t)zip.bytes.length;
  dla_strbuf_append(&zip.bytes, inner, size);
  for (int i = LEVELS - 1; i >= 0; i--, offset += HEADER) {
    char name[3] = {'b', (char)('0' + i), 0};
    const void *bytes = i ? level[i - 1].bytes.text : zeros;
    zip_list_again(&zip, name, offset, bytes, i ? level[i - 1].bytes.length : sizeof zeros);
  }
  zip_end(&zip);
  expect(&zip, "no member 'a/data/0'");
  zip_free(&zip);
  for (int i = 0; i < LEVELS; i++)
    zip_free(&level[i]);
}

static void older_formats_are_refused_by_name(void **state)
{
  (void)state;
  dla_error err = {0};
  dla_tensor_set set = {0};
  char tar[512] = "sys_info";
  memcpy(tar + 257, "ustar", 5);
  assert_int_equal(dla_tensor_set_parse("x.pth", tar, sizeof tar, "", &set, &err),
                   DLA_E_UNSUPPORTED);
  assert_string_equal(err.what, "it is a tar archive, not a checkpoint");
}

/* What nests deeply costs no stack. */
static void nesting_is_harmless(void **state)
{
  (void)state;
  static const char parts[] = {'(', ']', '}', ')'};
  for (size_t k = 0; k < sizeof parts; k++) {
    enum { DEEP = 100000 };
    dla_strbuf pickle = {0};
    PICKLE(&pickle, "\x80\2");
    for (int i = 0; i < DEEP; i++)
      dla_strbuf_append(&pickle, &parts[k], 1);
    for (int i = 1; i < DEEP && k == 1; i++)
      PICKLE(&pickle, "a");
    PICKLE(&pickle, ".");
    check_pickle(pickle.text, pickle.length, k == 0 ? "stack is empty" : "it holds");
    dla_strbuf_free(&pickle);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(tensors_that_lie_are_refused),
      cmocka_unit_test(storages_that_lie_are_refused),
      cmocka_unit_test(sharing_has_a_limit),
      cmocka_unit_test(dicts_that_lie_are_refused),
      cmocka_unit_test(optimizers_that_lie_are_refused),
      cmocka_unit_test(archives_that_lie_are_refused),
      cmocka_unit_test(a_name_need_not_be_ascii),
      cmocka_unit_test(overlapping_members_do_no_harm),
      cmocka_unit_test(older_formats_are_refused_by_name),
      cmocka_unit_test(nesting_is_harmless),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
