/* Sections in sections, and secrets that no dump and no error may show. */
#include <sys/stat.h>
#include <unistd.h>

#include "config/redact.h"
#include "config_fixture.h"

static const char secrets[] = "input:\n"
                              "  http: {url: 'https://u:hidden@h/p?sig=hidden', sha256: ''}\n"
                              "output:\n"
                              "  dir: out\n"
                              "  s3: {bucketUrl: 's3://b', path: /, accessKeyId: hidden,\n"
                              "       secretAccessKey: hidden, deleteSync: true}\n"
                              "continuousOutputSync: true\n"
                              "inputMode: 0750\n";

static void nested_sections_are_read(void **state)
{
  (void)state;
  dla_config c = expect_read(secrets);
  assert_string_equal(c.output.s3.bucket_url, "s3://b");
  assert_string_equal(c.output.s3.secret_access_key, "hidden");
  assert_string_equal(c.output.dir, "out");
  assert_true(c.output.s3.delete_sync && c.continuous_output_sync && c.input_mode == 0750);
  dla_config_free(&c);
}

static void nested_overrides(void **state)
{
  (void)state;
  dla_config c;
  dla_error err = {0};
  char *overrides[] = {"input.s3.bucketUrl=s3://b", "input.s3.region=r", "inputMode=644"};
  dla_config_layers layers = {.overrides = overrides, .override_count = 3};
  assert_int_equal(dla_config_load(&c, &layers, &err), DLA_OK);
  assert_string_equal(c.input.s3.region, "r");
  assert_int_equal(c.input_mode, 0644);
  dla_config_free(&c);
  assert_int_equal(load_override(&c, "input.s3={secretAccessKey: hidden}", &err), DLA_E_INPUT);
  expect_error(&err, "command line", "'input.s3' is a section, not a key",
               "an override is section.key=value");
  assert_int_equal(load_override(&c, "input.s3.regoin=x", &err), DLA_E_INPUT);
  expect_error(&err, "command line", "unknown key 'input.s3.regoin'", "did you mean 'region'?");
}

static void wrong_nesting(void **state)
{
  (void)state;
  expect_refused("input:\n  s3: x\n", "c.yaml:2",
                 "section 'input.s3' must be a mapping, not a single value",
                 "write 'key: value' lines, indented, below it");
  expect_refused("input:\n  s4: {}\n", "c.yaml:2", "unknown key 'input.s4'", "did you mean 's3'?");
  expect_refused("input:\n  s3: {}\n  s3: {}\n", "c.yaml:3",
                 "section 'input.s3' is there already, on line 2", "keep one of the two");
  expect_refused("inputMode: 9\n", "c.yaml:1",
                 "inputMode: must be three or four octal digits, or empty, not '9'",
                 "for example 755");
}

static void one_place_only(void **state)
{
  (void)state;
  static const char *const wrong[][2] = {
      {"input.dir=d", "input.s3.bucketUrl=s3://b"},
      {"input.dir=d", "input.http.url=http://h"},
      {"output.http.url=http://h", "output.s3.bucketUrl=s3://b"},
      {"output.s3.path=p", "train.epochs=1"}, /* no bucket */
  };
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    dla_config c;
    dla_error err = {0};
    char *overrides[] = {(char *)wrong[i][0], (char *)wrong[i][1]};
    dla_config_layers layers = {.overrides = overrides, .override_count = 2};
    assert_int_equal(dla_config_load(&c, &layers, &err), DLA_E_INPUT);
  }
}

static void a_dump_shows_no_secret(void **state)
{
  (void)state;
  dla_strbuf first = {0}, second = {0};
  dla_config c = expect_read(secrets);
  dla_config_to_yaml(&c, &first);
  dla_config_free(&c);
  assert_null(strstr(first.text, "hidden"));
  assert_non_null(strstr(first.text, "\"https://(redacted)@h/p?(redacted)\""));
  c = expect_read(first.text);
  dla_config_to_yaml(&c, &second);
  dla_config_free(&c);
  assert_string_equal(first.text, second.text);
  dla_strbuf_free(&first);
  dla_strbuf_free(&second);
}

static void redacted_urls(void **state)
{
  (void)state;
  static const char *const urls[][2] = {
      {"https://h:8080/a@b/c", "https://h:8080/a@b/c"},
      {"http://[::1]:80/", "http://[::1]:80/"},
      {"https://u:p@h/", "https://(redacted)@h/"},
      {"https://u@h", "https://(redacted)@h"},
      {"https://u:p@p@h/", "https://(redacted)@h/"},
      {"https://u:p/p@h/", "https://(redacted)@h/"}, /* a slash that should have been encoded */
      {"u:p@h", "(redacted)@h"},
      {"s3://bucket", "s3://bucket"},
      {"", ""},
  };
  for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
    dla_strbuf shown = {0};
    dla_redact(DLA_SECRET_IN_URL, urls[i][0], &shown);
    assert_string_equal(dla_strbuf_text(&shown), urls[i][1]);
    dla_strbuf_free(&shown);
  }
}

static void errors_show_no_secret(void **state)
{
  (void)state;
  static const char *const wrong[] = {
      "output:\n  s3: {secretAccessKey: 12345678}\n",
      "output:\n  s3: {secretAccessKey: [12345678]}\n",
      "output:\n  s3: {secretAccessKey: '12345678', secretAccessKey: '12345678'}\n",
  };
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    dla_config c;
    dla_error err = {0};
    assert_int_equal(read_bytes(&c, wrong[i], strlen(wrong[i]), &err), DLA_E_INPUT);
    assert_null(strstr(err.what, "12345678"));
    assert_null(strstr(err.hint, "12345678"));
  }
}

static void files_that_others_may_read(void **state)
{
  (void)state;
  static const struct {
    const char *text;
    int mode;
    bool exposed;
  } files[] = {
      {"input: {s3: {bucketUrl: s3://b, secretAccessKey: s}}", 0644, true},
      {"input: {s3: {bucketUrl: s3://b, secretAccessKey: s}}", 0600, false},
      {"input: {s3: {bucketUrl: s3://b, secretAccessKey: '${HOME}'}}", 0644, false},
      {"input: {s3: {bucketUrl: s3://b}}", 0644, false},
      {"input: {http: {url: 'http://u:p@h'}}", 0640, true},
  };
  for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
    char path[] = "/tmp/test_config.XXXXXX";
    int fd = mkstemp(path);
    dla_config c;
    dla_error err = {0};
    assert_int_equal(write(fd, files[i].text, strlen(files[i].text)), strlen(files[i].text));
    fchmod(fd, (mode_t)files[i].mode);
    close(fd);
    setenv("HOME", "/", 0);
    assert_int_equal(dla_config_load(&c, &(dla_config_layers){.path = path}, &err), DLA_OK);
    assert_int_equal(c.secret_exposed, files[i].exposed);
    dla_config_free(&c);
    unlink(path);
  }
}

static void paths_of_a_job_are_its_variables(void **state)
{
  (void)state;
  dla_strbuf yaml = {0};
  setenv("DEEPSQUARE_OUTPUT", "/job/output", 1);
  dla_config c = expect_read("output: {dir: /job/output}\n"
                             "checkpoint: {out: $DEEPSQUARE_OUTPUT/c.pth, in: /job/output2}\n");
  dla_config_to_yaml(&c, &yaml);
  dla_config_free(&c);
  assert_non_null(strstr(yaml.text, "dir: \"$DEEPSQUARE_OUTPUT\"\n"));
  assert_non_null(strstr(yaml.text, "out: \"$DEEPSQUARE_OUTPUT/c.pth\"\n"));
  assert_non_null(strstr(yaml.text, "in: \"/job/output2\"\n"));
  setenv("DEEPSQUARE_OUTPUT", "/elsewhere", 1);
  c = expect_read(yaml.text);
  assert_string_equal(c.checkpoint.out, "/elsewhere/c.pth");
  dla_config_free(&c);
  dla_strbuf_free(&yaml);
  unsetenv("DEEPSQUARE_OUTPUT");
}

static void secrets_beside_variables(void **state)
{
  (void)state;
  static const struct {
    dla_secrecy secrecy;
    const char *text;
    bool holds;
  } cases[] = {
      {DLA_SECRET, "${KEY}", false},
      {DLA_SECRET, "$A$B", false},
      {DLA_SECRET, "${KEY}literal", true},
      {DLA_SECRET, "$$KEY", true},
      {DLA_PUBLIC, "literal", false},
      {DLA_SECRET_IN_URL, "http://h/p", false},
      {DLA_SECRET_IN_URL, "$URL", false},
      {DLA_SECRET_IN_URL, "http://u:p@h", true},
      {DLA_SECRET_IN_URL, "http://u:${PASS}@h", false},
      {DLA_SECRET_IN_URL, "http://${TOKEN}@$HOST/p", false},
      {DLA_SECRET_IN_URL, "http://u:${PASS}word@h", true},
      {DLA_SECRET_IN_URL, "http://token@${HOST}", true},
      {DLA_SECRET_IN_URL, "https://h/p?sig=${SIGNATURE}", false},
      {DLA_SECRET_IN_URL, "https://${HOST}/p?sig=s", true},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    assert_int_equal(dla_holds_literal_secret(cases[i].secrecy, cases[i].text), cases[i].holds);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(nested_sections_are_read),
      cmocka_unit_test(nested_overrides),
      cmocka_unit_test(wrong_nesting),
      cmocka_unit_test(one_place_only),
      cmocka_unit_test(a_dump_shows_no_secret),
      cmocka_unit_test(redacted_urls),
      cmocka_unit_test(secrets_beside_variables),
      cmocka_unit_test(errors_show_no_secret),
      cmocka_unit_test(files_that_others_may_read),
      cmocka_unit_test(paths_of_a_job_are_its_variables),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
