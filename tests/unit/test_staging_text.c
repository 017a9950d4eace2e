/* The small parsers of staging: base64, pages, profiles, checksums, filters, names of archives. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <cmocka.h>

#include "base/atomic_file.h"
#include "base/base64.h"
#include "base/crc.h"
#include "staging/page.h"
#include "staging/profile.h"
#include "staging/transfer/filter.h"
#include "staging/transport/headers.h"
#include "staging/unpack/unpack_name.h"

static void base64(void **state)
{
  (void)state;
  static const char *const pairs[][2] = {/* RFC 4648, 10 */
                                         {"", ""},
                                         {"f", "Zg=="},
                                         {"fo", "Zm8="},
                                         {"foo", "Zm9v"},
                                         {"foob", "Zm9vYg=="},
                                         {"fooba", "Zm9vYmE="},
                                         {"foobar", "Zm9vYmFy"}};
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
    char text[16];
    unsigned char bytes[8] = {0};
    const unsigned char *plain = (const unsigned char *)pairs[i][0];
    dla_base64_encode(text, sizeof text, plain, strlen(pairs[i][0]));
    assert_string_equal(text, pairs[i][1]);
    assert_int_equal(dla_base64_decode(text, bytes, sizeof bytes), strlen(pairs[i][0]));
    assert_string_equal((char *)bytes, pairs[i][0]);
    text[strcspn(text, "=")] = '\0';
    assert_int_equal(dla_base64_decode(text, bytes, sizeof bytes), strlen(pairs[i][0]));
  }
  unsigned char bytes[3];
  assert_int_equal(dla_base64_decode("-_-_", bytes, sizeof bytes), 3);
  static const char *const bad[] = {"Z", "Zg=a", "Zm9v Zg", "Zm9vYg", "\n", "===="};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    assert_int_equal(dla_base64_decode(bad[i], bytes, sizeof bytes), 0);
}

static void pages(void **state)
{
  (void)state;
  static const struct {
    const char *text;
    bool html;
    const char *words;
  } cases[] = {
      {"<html><title>A &amp; b\n c</title></html>", true, "A & b c"},
      {"\xef\xbb\xbf \n<!DOCTYPE HTML><h1 class=x>Not <b>found</b></h1>", true, "Not found"},
      {"<!-- a --><?xml?> <HTML><body>no title</body></HTML>", true, ""},
      {"<?xml version='1.0'?><Error/>", false, "<?xml version='1.0'?><Error/>"},
      {"<!-- open", false, "<!-- open"},
      {"<title>cut", true, ""},
      {"  a\tb\n\x1b[31mc  ", false, "a b ?[31mc"},
      {"", false, ""},
      {"<ht", false, "<ht"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char words[64];
    size_t size = strlen(cases[i].text);
    char *copy = malloc(size + 1); /* of just that length, for the sanitizers */
    assert_non_null(copy);
    memcpy(copy, cases[i].text, size);
    assert_int_equal(dla_page_is_html(copy, size), cases[i].html);
    dla_page_words(copy, size, words, sizeof words);
    assert_string_equal(words, cases[i].words);
    free(copy);
  }
  char words[8];
  dla_page_words("abcdefghijkl", 12, words, sizeof words);
  assert_string_equal(words, "abcdef");
}

static void note_pair(void *context, const char *key, const char *value)
{
  char *all = context;
  snprintf(all + strlen(all), 200 - strlen(all), "%s=%s;", key, value);
}

static void profiles(void **state)
{
  (void)state;
  static const struct {
    const char *text, *section;
    bool found;
    const char *pairs;
  } cases[] = {
      {"[a]\nk = v\n[b]\nk=w", "b", true, "k=w;"},
      {"[a]\r\nk = v = w\r\n", "a", true, "k=v = w;"},
      {"k=v\n[a]\n#c\n;d\n\nx\nk = a#b #c\n  nested = n\n", "a", true, "k=a#b;"},
      {"[a]\nk=1\n[b]\n[a]\nl=2", "a", true, "k=1;l=2;"},
      {"[ a ]\nk=", "a", true, "k=;"},
      {"[a\nk=v", "a", false, ""},
      {"", "a", false, ""},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char all[200] = "", *copy = strdup(cases[i].text);
    assert_non_null(copy);
    assert_int_equal(dla_profile_parse(copy, cases[i].section, note_pair, all), cases[i].found);
    assert_string_equal(all, cases[i].pairs);
    free(copy);
  }
}

/* The check values of G. Cook's catalogue of CRCs; in one piece and in two. */
static void checksums(void **state)
{
  (void)state;
  static const struct {
    dla_crc_kind kind;
    uint64_t check;
  } cases[] = {
      {DLA_CRC32, 0xcbf43926}, {DLA_CRC32C, 0xe3069283}, {DLA_CRC64NVME, 0xae8b14860a799888}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    for (size_t cut = 0; cut <= 9; cut++) {
      uint64_t crc = dla_crc(cases[i].kind, 0, "123456789", cut);
      assert_true(dla_crc(cases[i].kind, crc, "123456789" + cut, 9 - cut) == cases[i].check);
    }
}

static void filters(void **state)
{
  (void)state;
  const dla_filter two[] = {{"*.txt", false}, {"a/*", true}};
  assert_true(dla_filter_takes(NULL, 0, "x"));
  assert_false(dla_filter_takes(two, 2, "b/x.txt"));
  assert_true(dla_filter_takes(two, 2, "a/b/x.txt"));
  assert_false(dla_filter_takes(two + 1, 1, "x"));
}

static void take(dla_headers *h, const char *line)
{
  dla_headers_take(h, line, strlen(line));
}

static void headers(void **state)
{
  (void)state;
  static const char hex[] = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
  static const char *const same[] = {
      "2CF24DBA5FB0A30E26E83B2AC5B9E29E1B161E5C1FA7425E73043362938B9824",
      "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=",
      "LPJNul-wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ",
  };
  for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
    char line[128];
    dla_headers h = {0};
    snprintf(line, sizeof line, "X-Amz-Meta-Sha256: %s\r\n", same[i]);
    take(&h, line);
    assert_int_equal(strcasecmp(h.sha256, hex), 0);
    assert_true(h.is_s3);
  }
  dla_headers h = {0};
  take(&h, "x-amz-meta-sha256: LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmC");
  take(&h, "x-amz-checksum-crc32: AAAA");
  take(&h, "x-amz-checksum-crc32: AAAAAA==-2");
  assert_true(!h.sha256[0] && !h.checksum.crc32[0]);
  take(&h, "Content-Range: bytes */77");
  assert_true(!h.has_range && h.has_total && h.range_total == 77);
  take(&h, "Content-Range: bytes 0-4/*");
  assert_true(h.has_range && !h.has_total);
  take(&h, "Content-Type: Text/HTML; charset=utf-8");
  assert_true(dla_headers_say_html(&h));
}

static void names(void **state)
{
  (void)state;
  static const char *const archives[] = {"a.tar", "a.TGZ", "a.tar.gz", "a.zip", "b.gz", "c.7z"};
  static const char *const others[] = {"a", ".gz", "tar", "a.gz.txt", "a.pth", "zip"};
  for (size_t i = 0; i < 6; i++) {
    assert_true(dla_unpack_is_archive_name(archives[i]));
    assert_false(dla_unpack_is_archive_name(others[i]));
  }
  assert_int_equal(dla_atomic_stem("a.0123abcd.tmp"), 1);
  static const char *const not [] = {".0123abcd.tmp", "a.0123ABCD.tmp", "a.0123abc.tmp", "a.tmp",
                                     "a.0123abcd.tmp2"};
  for (size_t i = 0; i < sizeof not / sizeof *not ; i++)
    assert_int_equal(dla_atomic_stem(not [i]), 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(base64),    cmocka_unit_test(pages),   cmocka_unit_test(profiles),
      cmocka_unit_test(checksums), cmocka_unit_test(filters), cmocka_unit_test(headers),
      cmocka_unit_test(names),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
