/* Protobuf's bytes are those of its documentation; what an exporter asks of a graph. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/protobuf.h"
#include "dla/graph.h"
#include "export/model.h"

static void check_bytes(dla_strbuf *out, const char *expected, size_t count)
{
  assert_false(out->failed);
  assert_int_equal(out->length, count);
  assert_memory_equal(out->text, expected, count);
  dla_strbuf_free(out);
}

/* https://protobuf.dev/programming-guides/encoding/: Test1, Test2, Test3. */
static void bytes_are_protobufs(void **state)
{
  (void)state;
  dla_strbuf out = {0}, inner = {0};
  dla_protobuf_integer(&out, 1, 150);
  check_bytes(&out, "\x08\x96\x01", 3);
  dla_protobuf_text(&out, 2, "testing");
  check_bytes(&out, "\x12\x07testing", 9);
  dla_protobuf_integer(&inner, 1, 150);
  dla_protobuf_message(&out, 3, &inner);
  check_bytes(&out, "\x1a\x03\x08\x96\x01", 5);
  dla_protobuf_integer(&out, 1, -2);
  check_bytes(&out, "\x08\xfe\xff\xff\xff\xff\xff\xff\xff\xff\x01", 11);
  dla_protobuf_float(&out, 20, 1);
  check_bytes(&out, "\xa5\x01\0\0\x80\x3f", 6);
  dla_protobuf_message(&out, 1, &inner);
  check_bytes(&out, "\x0a\0", 2);
}

static void a_failed_message_fails_its_owner(void **state)
{
  (void)state;
  dla_strbuf out = {0}, inner = {.failed = true};
  dla_protobuf_message(&out, 1, &inner);
  assert_true(out.failed);
  dla_strbuf_free(&out);
}

static void floats_have_the_digits_they_need(void **state)
{
  (void)state;
  dla_strbuf out = {0};
  const float numbers[] = {0.485f, 1, 0.1f + 0.2f, 1e-20f, 16777217};
  dla_export_floats(&out, numbers, 5);
  assert_string_equal(out.text, "[0.485, 1, 0.3, 1e-20, 16777216]");
  dla_strbuf_free(&out);
}

static void a_layer_tells_all_of_itself(void **state)
{
  (void)state;
  dla_error err = {0};
  dla_graph *g = dla_graph_create();
  assert_non_null(g);
  dla_tensor image = dla_input(g, 3, 8, 8);
  dla_tensor pool = dla_max_pool(g, "pool", image, 2, 0, 1);
  const dla_tensor both[] = {pool, pool};
  dla_tensor joined = dla_concat(g, "joined", both, 2);
  dla_tensor logits = dla_linear(g, "linear", joined, 4, true);
  assert_int_equal(dla_graph_finish(g, logits, &err), DLA_OK);
  assert_int_equal(dla_graph_image(g), image);
  assert_int_equal(dla_graph_logits(g), logits);
  assert_true(dla_graph_layer_attribute(g, 0, "stride") == 2); /* 0: the kernel */
  assert_true(dla_graph_layer_attribute(g, 2, "bias") == 1);
  assert_true(isnan(dla_graph_layer_attribute(g, 0, "bias")));
  assert_true(isnan(dla_graph_layer_attribute(g, 1, "stride")));
  const dla_layer_info layer = dla_graph_layer(g, 1);
  assert_int_equal(layer.src_count, 2);
  assert_int_equal(layer.src[1], pool);
  assert_int_equal(layer.dst, joined);
  dla_graph_free(g);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(bytes_are_protobufs),
      cmocka_unit_test(a_failed_message_fails_its_owner),
      cmocka_unit_test(floats_have_the_digits_they_need),
      cmocka_unit_test(a_layer_tells_all_of_itself),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
