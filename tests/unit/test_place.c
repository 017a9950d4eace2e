/* What the keys of input, output and staging become, and what is told of those that do not fit. */
#include <unistd.h>

#include "config_fixture.h"
#include "job/place.h"
#include "scratch.h"

static dla_status load(const char *yaml, char **overrides, int count, dla_config *config,
                       dla_error *err)
{
  *err = (dla_error){0};
  return dla_config_load(
      config,
      &(dla_config_layers){
          .path = "c.yaml", .text = yaml, .overrides = overrides, .override_count = count},
      err);
}

static dla_config expect_loaded(const char *yaml)
{
  dla_config config;
  dla_error err;
  if (load(yaml, NULL, 0, &config, &err)) fail_msg("%s: %s", err.where, err.what);
  return config;
}

static void an_output_has_what_its_keys_say(void **state)
{
  (void)state;
  dla_config c = expect_loaded("output:\n"
                               "  include: ['*.pth', '*.jsonl']\n"
                               "  exclude: logs/*\n"
                               "  s3: {bucketUrl: 's3://b', requesterPays: true,\n"
                               "       storageClass: STANDARD_IA, sse: aws:kms,\n"
                               "       sseKmsKeyId: arn:k, addressingStyle: path}\n"
                               "staging: {retry_seconds: 2, connect_seconds: 3,\n"
                               "          timeout_seconds: 4, abandoned_seconds: 5,\n"
                               "          part_size: 8, parallel: 3}\n");
  dla_place place;
  dla_error err = {0};
  if (dla_place_output(&c, &place, &err)) fail_msg("%s: %s", err.where, err.what);
  const dla_stage_settings *s = &place.settings;
  assert_true(s->requester_pays && s->style == DLA_S3_PATH && !s->customer_key);
  assert_string_equal(s->storage_class, "STANDARD_IA");
  assert_string_equal(s->sse, "aws:kms");
  assert_string_equal(s->kms_key, "arn:k");
  assert_true(s->retry_base == 2 && s->connect_timeout == 3 && s->total_timeout == 4);
  assert_true(s->abandoned_after == 5 && s->parallel == 3 && s->parallel_files == 3);
  assert_int_equal(s->part_size, 8 << 20);
  assert_int_equal(s->put_in_parts, 16 << 20);
  assert_int_equal(place.filter_count, 3);
  assert_true(dla_filter_takes(place.filters, 3, "a/c.pth"));
  assert_false(dla_filter_takes(place.filters, 3, "c.txt"));
  assert_false(dla_filter_takes(place.filters, 3, "logs/c.pth")); /* in both */
  dla_place_free(&place);
  if (dla_place_input(&c, &place, &err)) fail_msg("%s: %s", err.where, err.what);
  assert_true(!place.location && !place.settings.requester_pays && !place.filter_count);
  dla_place_free(&place);
  dla_config_free(&c);
}

/* As `stage` without options: two ways to the same transfer. */
static void defaults_are_those_of_stage(void **state)
{
  (void)state;
  dla_config c = expect_loaded("input: {s3: {bucketUrl: 's3://b'}}\n");
  dla_stage_settings s;
  dla_place place;
  dla_error err = {0};
  assert_int_equal(dla_stage_settings_init(&s, &err), DLA_OK);
  if (dla_place_input(&c, &place, &err)) fail_msg("%s: %s", err.where, err.what);
  const dla_stage_settings *p = &place.settings;
  assert_true(p->connect_timeout == s.connect_timeout && p->total_timeout == s.total_timeout);
  assert_true(p->stall_timeout == s.stall_timeout && p->retries == s.retries);
  assert_true(p->retry_base == s.retry_base && p->abandoned_after == s.abandoned_after);
  assert_true(p->part_size == s.part_size && p->put_in_parts == s.put_in_parts);
  assert_true(p->get_in_parts == s.get_in_parts && p->parallel == s.parallel);
  assert_true(p->parallel_files == s.parallel_files && p->use_cache && p->unpack && !p->sse[0]);
  assert_false(place.strict);
  dla_place_free(&place);
  dla_stage_settings_free(&s);
  dla_config_free(&c);
}

static void an_input_has_what_its_keys_say(void **state)
{
  (void)state;
  dla_place place;
  dla_error err = {0};
  dla_config c =
      expect_loaded("input: {strict: true, exclude: ['a/*'], s3: {bucketUrl: 's3://b'}}");
  assert_int_equal(dla_place_input(&c, &place, &err), DLA_OK);
  assert_string_equal(dla_secret_text(place.location), "s3://b");
  assert_true(place.strict && dla_filter_takes(place.filters, place.filter_count, "b"));
  assert_false(dla_filter_takes(place.filters, place.filter_count, "a/b"));
  dla_place_free(&place);
  dla_config_free(&c);
  c = expect_loaded("input: {http: {url: 'http://h/f.tar', cache: false, unpack: false}}");
  assert_int_equal(dla_place_input(&c, &place, &err), DLA_OK);
  assert_string_equal(dla_secret_text(place.location), "http://h/f.tar");
  assert_true(!place.settings.use_cache && !place.settings.unpack);
  dla_place_free(&place);
  dla_config_free(&c);
}

static void check_location(const char *yaml, const char *location)
{
  dla_config c = expect_loaded(yaml);
  dla_place place;
  dla_error err = {0};
  if (dla_place_output(&c, &place, &err)) fail_msg("%s: %s: %s", yaml, err.where, err.what);
  assert_string_equal(dla_secret_text(place.location), location);
  dla_place_free(&place);
  dla_config_free(&c);
}

/* Where the run's files go, and by which keys. */
static void an_output_has_its_place(void **state)
{
  (void)state;
  check_location("output: {s3: {bucketUrl: 's3://b'}}", "s3://b");
  check_location("output: {s3: {bucketUrl: 's3://b/', path: /}}", "s3://b");
  check_location("output: {s3: {bucketUrl: 's3://b//', path: //a/b//}}", "s3://b/a/b");
  check_location("output: {s3: {bucketUrl: 's3://b', path: a}}", "s3://b/a");
  check_location("output: {http: {url: 'https://h/x'}}", "https://h/x");
  dla_config c = expect_loaded("output: {s3: {bucketUrl: 's3://b', region: r, accessKeyId: k,\n"
                               "  secretAccessKey: s, endpointUrl: 'http://h:1'}}\n"
                               "staging: {stall_seconds: 6, retries: 7, send_limit: 2,\n"
                               "  timeout_seconds: 9, flush_seconds: 8}\n");
  dla_place place;
  dla_error err = {0};
  assert_int_equal(dla_place_output(&c, &place, &err), DLA_OK);
  const dla_stage_settings *s = &place.settings;
  assert_string_equal(s->region, "r");
  assert_string_equal(s->endpoint, "http://h:1");
  assert_string_equal(dla_secret_text(s->access_key), "k");
  assert_string_equal(dla_secret_text(s->secret_key), "s");
  assert_true(s->stall_timeout == 6 && s->retries == 7 && s->send_limit == 2e6);
  assert_true(s->total_timeout == 9 && !place.http);
  dla_place_free(&place);
  dla_config_free(&c);
  c = expect_loaded("output: {http: {url: 'http://h/x'}}\n"
                    "staging: {timeout_seconds: 9, flush_seconds: 8}\n");
  assert_int_equal(dla_place_output(&c, &place, &err), DLA_OK);
  assert_true(place.settings.total_timeout == 8 && place.http); /* all in one, before the end */
  dla_place_free(&place);
  dla_config_free(&c);
}

/* What a checkpoint's config says without its secret is no place. */
static void a_place_without_its_secret_is_none(void **state)
{
  (void)state;
  static const char *const outputs[] = {"{s3: {bucketUrl: 's3://" DLA_REDACTED "'}}",
                                        "{s3: {bucketUrl: 's3://b', endpointUrl: "
                                        "'http://" DLA_REDACTED "@h'}}",
                                        "{http: {url: 'http://" DLA_REDACTED "@h/'}}"};
  for (size_t i = 0; i < sizeof outputs / sizeof *outputs; i++) {
    char yaml[200];
    dla_place place;
    dla_error err = {0};
    snprintf(yaml, sizeof yaml, "output: %s\n", outputs[i]);
    dla_config c = expect_loaded(yaml);
    assert_int_equal(dla_place_output(&c, &place, &err), DLA_E_INPUT);
    assert_non_null(strstr(err.what, "its secret is not kept"));
    dla_place_free(&place);
    dla_config_free(&c);
  }
}

#define BUCKET "output:\n  s3:\n    bucketUrl: s3://b\n"
#define KEY    "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

static void what_does_not_fit_is_told(void **state)
{
  (void)state;
  static const struct {
    const char *yaml, *where, *what;
  } cases[] = {
      {BUCKET "    sse: DES\n", "c.yaml:4",
       "output.s3.sse: must be one of none, AES256, aws:kms, aws:kms:dsse, not 'DES'"},
      {BUCKET "    sse: AES256\n    sseKmsKeyId: k\n", "c.yaml:5",
       "output.s3.sseKmsKeyId: belongs to output.s3.sse=aws:kms"},
      {BUCKET "    sseCKeyFile: k\n    sse: AES256\n", "c.yaml:4",
       "output.s3.sseCKeyFile: and output.s3.sse exclude each other"},
      {BUCKET "    sseCKeyFile: " KEY "\n", "c.yaml:4",
       "output.s3.sseCKeyFile: needs the name of a file that holds the key, and not the key"},
      {BUCKET "    accessKeyId: k\n    profile: p\n", "c.yaml:5",
       "output.s3.profile: accessKeyId is there, too"},
      {BUCKET "    addressingStyle: host\n", "c.yaml:4",
       "output.s3.addressingStyle: must be one of auto, path, virtual, not 'host'"},
      {"output: {s3: {storageClass: GLACIER}}\n", "c.yaml", "output.s3.bucketUrl: is missing"},
      {"output: {s3: {sse: AES256}}\n", "c.yaml", "output.s3.bucketUrl: is missing"},
      {"input: {s3: {requesterPays: true}}\n", "c.yaml", "input.s3.bucketUrl: is missing"},
      {"output:\n  exclude: a\n", "c.yaml:2",
       "output.exclude: it goes with output.http or output.s3"},
      {"input:\n  dir: d\n  strict: true\n", "c.yaml:3", "input.strict: it goes with input.s3"},
      {"input:\n  http: {url: 'http://h'}\n  include:\n    - a\n", "c.yaml:4",
       "input.include: it goes with input.s3"},
      {"input:\n  http:\n    cache: false\n", "c.yaml:3",
       "input.http.cache: it goes with input.http.url"},
      {"staging:\n  part_size: 0\n", "c.yaml:2",
       "staging.part_size: must be a number from 0.0625 to 5120, not '0'"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    dla_config c;
    dla_error err;
    assert_int_equal(load(cases[i].yaml, NULL, 0, &c, &err), DLA_E_INPUT);
    assert_string_equal(err.where, cases[i].where);
    assert_string_equal(err.what, cases[i].what);
    assert_null(strstr(err.hint, KEY));
  }
  dla_config c;
  dla_error err;
  char *overrides[] = {"output.s3.sseKmsKeyId=k"};
  assert_int_equal(load(BUCKET, overrides, 1, &c, &err), DLA_E_INPUT);
  assert_string_equal(err.where, "command line");
}

/* The key's name and the file's, but nothing of what is in it. */
static void a_key_file_that_is_none(void **state)
{
  (void)state;
  char *folder = scratch_new();
  const struct {
    const char *path, *what;
  } files[] = {
      {scratch_write(folder, "short", "secret", 6), "is not a key of 32 bytes, nor its base64"},
      {scratch_write(folder, "empty", "\n", 1), "holds no key"},
      {scratch_path(folder, "missing"), ""},
      {folder, "is a directory"},
  };
  for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
    dla_config c = expect_loaded(BUCKET);
    dla_place place;
    dla_error err = {0};
    assert_int_equal(dla_text_set(&c.output.s3.options.customer_key_file, files[i].path, "", &err),
                     DLA_OK);
    assert_int_equal(dla_place_output(&c, &place, &err), DLA_E_INPUT);
    assert_string_equal(err.where, "c.yaml");
    assert_ptr_equal(strstr(err.what, "output.s3.sseCKeyFile: "), err.what);
    assert_non_null(strstr(err.what, files[i].path));
    assert_non_null(strstr(err.what, files[i].what));
    assert_null(strstr(err.what, "secret"));
    dla_place_free(&place);
    dla_config_free(&c);
  }
  scratch_remove(folder);
}

/* A checkpoint's bucket and another one are two places: no key is said of both. */
static void a_place_is_taken_whole(void **state)
{
  (void)state;
  dla_config under = expect_loaded(
      "output: {dir: d, exclude: a, s3: {bucketUrl: 's3://old', sse: aws:kms, sseKmsKeyId: k}}\n"
      "input: {http: {url: 'http://h', sha256: '', cache: false}}\n");
  dla_config over =
      expect_loaded("output: {s3: {bucketUrl: 's3://new', sse: AES256}}\ninput: {dir: /in}\n");
  dla_config merged;
  dla_error err = {0};
  assert_int_equal(dla_config_merge(&under, &over, "ckpt", &merged, &err), DLA_OK);
  assert_string_equal(merged.output.s3.bucket_url, "s3://new");
  assert_string_equal(merged.output.s3.options.sse, "AES256");
  assert_string_equal(merged.output.s3.options.kms_key, "");
  assert_string_equal(merged.output.exclude, "");
  assert_string_equal(merged.output.dir, "d");
  assert_string_equal(merged.input.http.url, "");
  assert_true(merged.input.http.cache);
  dla_config_free(&merged);
  dla_config_free(&over);
  over = expect_loaded("train: {seed: 2}\n");
  assert_int_equal(dla_config_merge(&under, &over, "ckpt", &merged, &err), DLA_OK);
  assert_string_equal(merged.output.s3.options.kms_key, "k");
  dla_config_free(&merged);
  dla_config_free(&over);
  dla_config_free(&under);
}

int main(void)
{
  static const char *const variables[] = {"AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_ENDPOINT_URL",
                                          "AWS_ENDPOINT_URL_S3", "AWS_REGION"};
  for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
    unsetenv(variables[i]);
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_output_has_what_its_keys_say),
      cmocka_unit_test(defaults_are_those_of_stage),
      cmocka_unit_test(an_input_has_what_its_keys_say),
      cmocka_unit_test(an_output_has_its_place),
      cmocka_unit_test(a_place_without_its_secret_is_none),
      cmocka_unit_test(what_does_not_fit_is_told),
      cmocka_unit_test(a_key_file_that_is_none),
      cmocka_unit_test(a_place_is_taken_whole),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
