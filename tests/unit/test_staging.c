/* The parts of staging that need no server: parsers, names, locations, retries. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/atomic_file.h"
#include "base/clock.h"
#include "base/path.h"
#include "scratch.h"
#include "staging/location.h"
#include "staging/parallel.h"
#include "staging/retry.h"
#include "staging/storage/s3_xml.h"
#include "staging/storage/storage.h"
#include "staging/transfer/sweep.h"
#include "staging/transfer/zip.h"
#include "staging/transport/headers.h"

static void take(dla_headers *h, const char *line)
{
  dla_headers_take(h, line, strlen(line));
}

static void headers_are_read(void **state)
{
  (void)state;
  dla_headers h = {0};
  take(&h, "HTTP/1.1 206 Partial Content\r\n");
  take(&h, "ETag: \"abc\"\r\n");
  take(&h, "CONTENT-RANGE:  bytes 5-9/10 \r\n");
  take(&h, "Content-Length: 5\r\n");
  take(&h, "Retry-After: 7\r\n");
  take(&h, "x-amz-server-side-encryption: AES256\r\n");
  assert_string_equal(h.etag, "\"abc\"");
  assert_true(h.has_range && h.range_first == 5 && h.range_last == 9 && h.range_total == 10);
  assert_true(h.has_length && h.length == 5 && h.retry_after == 7 && !h.etag_is_no_md5);
  take(&h, "x-amz-server-side-encryption: aws:kms\r\n");
  assert_true(h.etag_is_no_md5);
  take(&h, "HTTP/2 200\r\n");
  assert_true(!h.has_length && !h.has_range && !h.etag[0] && h.retry_after < 0);
}

static void headers_that_make_no_sense(void **state)
{
  (void)state;
  static const char *const lines[] = {
      "Content-Range: bytes 9-5/10",
      "Content-Range: bytes 5-9/7",
      "Content-Range: bytes */10",
      "Content-Range: bytes 5-",
      "Content-Range: items 1-2/3",
      "Content-Length: -1",
      "Content-Length: 99999999999999999999",
  };
  dla_headers h = {0};
  for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
    take(&h, lines[i]);
  assert_false(h.has_range || h.has_length);
  dla_headers_take(&h, "Etag: a\0b", 9);
  assert_string_equal(h.etag, "");
}

static dla_status read_list(const char *xml, dla_objects *objects, char **next, dla_error *err)
{
  return dla_s3_read_list(xml, strlen(xml), objects, next, err);
}

static void lists_are_read(void **state)
{
  (void)state;
  dla_objects o = {0};
  dla_error err = {0};
  char *next;
  const char *xml =
      "<ListBucketResult xmlns='http://s3.amazonaws.com/doc/2006-03-01/'>"
      "<EncodingType>url</EncodingType><IsTruncated>true</IsTruncated>"
      "<NextContinuationToken>t+/=</NextContinuationToken>"
      "<Contents><Key>a+b%2Bc%0A</Key><Size>7</Size><ETag>&quot;e&quot;</ETag></Contents>"
      "</ListBucketResult>";
  assert_int_equal(read_list(xml, &o, &next, &err), DLA_OK);
  assert_string_equal(next, "t+/=");
  assert_int_equal(o.count, 1);
  assert_string_equal(o.item[0].key, "a b+c\n");
  assert_string_equal(o.item[0].etag, "e");
  assert_int_equal(o.item[0].size, 7);
  free(next);
  dla_objects_free(&o);
}

/* As RGW has it: the token is a key. */
static void control_characters_in_a_token(void **state)
{
  (void)state;
  static const char *const table[][2] = {
      {"&#x01;", "\x01"},
      {"a&#1;b&#x1F;&#031;", "a\x01"
                             "b\x1f\x1f"},
      {"&#x9;&#10;", "\t\n"},
      {"&#xfdd1;&amp;", "\xef\xb7\x91&"}, /* alone it stays what it is */
      {"&#x00000000000000000b;", "\x0b"},
      {"&#xfdd0;\xef\xb7\x90&#x02;", "\xef\xb7\x90\xef\xb7\x90\x02"},
  };
  for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
    dla_objects o = {0};
    dla_error err = {0};
    char *next, xml[300];
    snprintf(xml, sizeof xml,
             "<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>%s"
             "</NextContinuationToken></ListBucketResult>",
             table[i][0]);
    assert_int_equal(read_list(xml, &o, &next, &err), DLA_OK);
    assert_string_equal(next, table[i][1]);
    free(next);
    dla_objects_free(&o);
  }
}

static void lists_that_are_not_whole(void **state)
{
  (void)state;
  static const char *const xml[] = {
      "",
      "<html/>",
      "<ListBucketResult><Contents><Key>a</Key></Contents></ListBucketResult>",
      "<ListBucketResult><Contents><Key>a</Key><Size>-1</Size></Contents></ListBucketResult>",
      "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>",
      "<ListBucketResult><IsTruncated>fal",
      "<ListBucketResult>&#x01;&#x",
      "<ListBucketResult>&#0;</ListBucketResult>",
      "<ListBucketResult>&#x01</ListBucketResult>",
      "<ListBucketResult>\x01</ListBucketResult>",
      "<!DOCTYPE x [<!ENTITY e 'ee'>]><ListBucketResult/>",
      "<ListBucketResult><EncodingType>url</EncodingType>"
      "<Contents><Key>%00</Key><Size>1</Size></Contents></ListBucketResult>",
  };
  for (size_t i = 0; i < sizeof xml / sizeof *xml; i++) {
    dla_objects o = {0};
    dla_error err = {0};
    char *next;
    if (read_list(xml[i], &o, &next, &err) == DLA_OK) fail_msg("%s", xml[i]);
    assert_null(next);
    dla_objects_free(&o);
  }
}

static void locations(void **state)
{
  (void)state;
  dla_location l;
  dla_error err = {0};
  char *name;
  assert_int_equal(dla_location_parse("s3://b/p/q", &l, &err), DLA_OK);
  assert_int_equal(dla_location_split(&l, &name, &err), DLA_OK);
  assert_true(l.kind == DLA_LOCATION_S3 && !strcmp(l.bucket, "b") && !strcmp(l.path, "p"));
  assert_string_equal(name, "q");
  free(name);
  dla_location_free(&l);
  assert_int_equal(dla_location_parse("https://me:p%40ss@h:1/a%20b?sig=x#f", &l, &err), DLA_OK);
  assert_string_equal(dla_secret_text(l.user), "me");
  assert_string_equal(dla_secret_text(l.password), "p@ss");
  assert_string_equal(l.path, "https://h:1/a%20b?sig=x");
  assert_string_equal(l.shown, "https://h:1/a%20b");
  assert_int_equal(dla_location_split(&l, &name, &err), DLA_OK);
  assert_string_equal(name, "a b");
  free(name);
  dla_location_free(&l);
  static const char *const bad[] = {
      "", "ftp://x", "s3://", "s3:///k", "s3://key:pass@b/", "http://", "http://u:secretword@"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    assert_int_equal(dla_location_parse(bad[i], &l, &err), DLA_E_INPUT);
    assert_null(strstr(err.what, "secretword"));
    dla_location_free(&l);
  }
}

static void keys_as_paths(void **state)
{
  (void)state;
  static const char *const good[] = {"a", "a/b", "..a/b..", "...", " "};
  static const char *const bad[] = {"", "/a", "a//b", "a/", ".", "..", "../a", "a/..", "a/./b"};
  for (size_t i = 0; i < sizeof good / sizeof *good; i++)
    assert_true(dla_key_is_path(good[i]));
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    assert_false(dla_key_is_path(bad[i]));
}

static void waits_are_bounded(void **state)
{
  (void)state;
  dla_stage_settings s = {.retries = 5, .retry_base = 0.01, .retry_cap = 0.02, .total_timeout = 60};
  dla_meter *meter;
  assert_int_equal(dla_meter_new(NULL, &meter, NULL), DLA_OK);
  dla_retry retry = dla_retry_begin(&s, meter, "x");
  double began = dla_clock();
  int count = 0;
  while (dla_retry_again(&retry, -1, "y"))
    count++;
  assert_int_equal(count, 5);
  assert_true(dla_clock() - began < 5);
  s.total_timeout = 0.5; /* no wait that ends behind the deadline */
  retry = dla_retry_begin(&s, meter, "x");
  assert_false(dla_retry_again(&retry, 100, "y"));
  dla_meter_free(meter);
}

static dla_status count_job(void *context, size_t index, dla_error *err)
{
  char *seen = context;
  seen[index]++;
  return index == 70 ? dla_fail(err, DLA_E_IO, NULL, NULL, "seventy") : DLA_OK;
}

static void jobs_run_once_and_stop_at_a_failure(void **state)
{
  (void)state;
  char seen[1000] = {0};
  dla_error err = {0};
  assert_int_equal(dla_parallel(70, 8, count_job, seen, &err), DLA_OK);
  for (int i = 0; i < 70; i++)
    assert_int_equal(seen[i], 1);
  assert_int_equal(dla_parallel(0, 8, count_job, seen, &err), DLA_OK);
  assert_int_equal(dla_parallel(1000, 1, count_job, seen, &err), DLA_E_IO);
  assert_string_equal(err.what, "seventy");
  assert_int_equal(seen[71], 0);
}

static dla_status zip_one(const char *folder, char *key, bool *shrank, dla_error *err)
{
  char *scratch = scratch_new();
  dla_object file = {.key = key};
  const dla_objects files = {.item = &file, .count = 1};
  const dla_status status =
      dla_zip_folder(folder, &files, scratch_path(scratch, "a.zip"), shrank, err);
  scratch_remove(scratch);
  return status;
}

/* Linux's own files stand in for files that change: those of /proc hold more than their size, and
 * those of /sys less. */
static void files_that_change_while_they_are_zipped(void **state)
{
  (void)state;
  bool shrank;
  dla_error err = {0};
  assert_int_equal(zip_one("/proc", "version", &shrank, &err), DLA_OK);
  assert_false(shrank);
  if (access("/sys/devices/system/cpu/online", R_OK)) return;
  assert_int_equal(zip_one("/sys/devices/system/cpu", "online", &shrank, &err), DLA_E_IO);
  assert_true(shrank);
  assert_non_null(strstr(err.what, "became shorter"));
}

static void add_key(dla_objects *objects, const char *key)
{
  assert_non_null(dla_objects_add(objects, key));
}

static bool is_there(const char *folder, const char *name)
{
  return access(scratch_path(folder, name), F_OK) == 0;
}

/* What killed transfers of these objects left goes, and nothing else: neither what a living process
 * writes, nor what others call so. */
static void only_what_these_objects_left_is_swept(void **state)
{
  (void)state;
  char *folder = scratch_new(), lengthy[252], cut[256], other[256];
  memset(lengthy, 'l', sizeof lengthy - 1);
  lengthy[sizeof lengthy - 1] = '\0';
  snprintf(cut, sizeof cut, "%.238s.0123abcd.tmp", lengthy);
  snprintf(other, sizeof other, "%.100s.0123abcd.tmp", lengthy); /* too short to be cut */
  const char *const gone[] = {"b.0123abcd.tmp", "d/e.0123abcd.tmp", cut};
  const char *const kept[] = {
      "a.0123abcd.tmp", "b",  "b.mine.tmp", "c.0123abcd.tmp", "bb.0123abcd.tmp", "d/b.0123abcd.tmp",
      "e.0123abcd.tmp", other};
  dla_objects objects = {0};
  dla_error err = {0};
  dla_atomic_file *living;
  scratch_folder(folder, "d");
  for (size_t i = 0; i < sizeof gone / sizeof *gone; i++)
    scratch_write(folder, gone[i], "1", 1);
  for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
    scratch_write(folder, kept[i], "1", 1);
  assert_int_equal(dla_atomic_open(scratch_path(folder, "b"), &living, &err), DLA_OK);
  dla_sweep(folder, &objects); /* of no objects: nothing */
  assert_true(is_there(folder, gone[0]));
  add_key(&objects, "b");
  add_key(&objects, "d/e");
  add_key(&objects, lengthy);
  dla_sweep(folder, &objects);
  for (size_t i = 0; i < sizeof gone / sizeof *gone; i++)
    if (is_there(folder, gone[i])) fail_msg("%s is there", gone[i]);
  for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
    if (!is_there(folder, kept[i])) fail_msg("%s is gone", kept[i]);
  assert_int_equal(dla_atomic_end(living, DLA_OK, &err), DLA_OK); /* its file was not swept */
  dla_objects_free(&objects);
  scratch_remove(folder);
}

/* Of one object, in its own folder. */
static void one_object_is_swept(void **state)
{
  (void)state;
  char *folder = scratch_new();
  scratch_folder(folder, "d");
  scratch_write(folder, "d/e.0123abcd.tmp", "1", 1);
  scratch_write(folder, "d/f.0123abcd.tmp", "1", 1);
  scratch_write(folder, "e.0123abcd.tmp", "1", 1);
  dla_sweep_one(folder, "d/e");
  assert_true(!is_there(folder, "d/e.0123abcd.tmp") && is_there(folder, "d/f.0123abcd.tmp"));
  dla_sweep_one(folder, "f");
  assert_true(is_there(folder, "e.0123abcd.tmp") && is_there(folder, "d/f.0123abcd.tmp"));
  scratch_remove(folder);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(headers_are_read),
      cmocka_unit_test(headers_that_make_no_sense),
      cmocka_unit_test(control_characters_in_a_token),
      cmocka_unit_test(lists_are_read),
      cmocka_unit_test(lists_that_are_not_whole),
      cmocka_unit_test(locations),
      cmocka_unit_test(keys_as_paths),
      cmocka_unit_test(waits_are_bounded),
      cmocka_unit_test(jobs_run_once_and_stop_at_a_failure),
      cmocka_unit_test(files_that_change_while_they_are_zipped),
      cmocka_unit_test(only_what_these_objects_left_is_swept),
      cmocka_unit_test(one_object_is_swept),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
