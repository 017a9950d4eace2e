/* Signatures of requests to S3, against those that Amazon's documentation has of its examples. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "staging/storage/s3_sign.h"

static const dla_s3_signer amazon = {.access_key = "AKIAIOSFODNN7EXAMPLE",
                                     .secret_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
                                     .region = "us-east-1"};
static const time_t may_24 = 1369353600; /* 2013 */
#define NOTHING "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define HOST    "https://examplebucket.s3.amazonaws.com"

static void assert_signed(const char *method, const char *url,
                          const char *const headers[DLA_HTTP_HEADERS], const char *host,
                          const char *names, const char *signature)
{
  dla_strbuf added[DLA_HTTP_ADDED] = {0};
  char wanted[512];
  dla_error err = {0};
  assert_int_equal(dla_s3_sign(&amazon, method, url, headers, may_24, added, &err), DLA_OK);
  assert_string_equal(added[0].text, host);
  assert_string_equal(added[1].text, "x-amz-date: 20130524T000000Z");
  snprintf(wanted, sizeof wanted,
           "Authorization: AWS4-HMAC-SHA256 "
           "Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
           "SignedHeaders=%s, Signature=%s",
           names, signature);
  if (signature[0])
    assert_string_equal(added[2].text, wanted);
  else
    assert_memory_equal(added[2].text, wanted, strlen(wanted));
  for (int i = 0; i < DLA_HTTP_ADDED; i++)
    dla_strbuf_free(&added[i]);
}

static void amazons_examples(void **state)
{
  (void)state;
  static const char host[] = "Host: examplebucket.s3.amazonaws.com";
  static const char plain[] = "host;x-amz-content-sha256;x-amz-date";
  assert_signed(
      "GET", HOST "/test.txt",
      (const char *[DLA_HTTP_HEADERS]){"x-amz-content-sha256: " NOTHING, "Range: bytes=0-9"}, host,
      "host;range;x-amz-content-sha256;x-amz-date",
      "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
  assert_signed("GET", HOST "/?lifecycle=",
                (const char *[DLA_HTTP_HEADERS]){"x-amz-content-sha256: " NOTHING}, host, plain,
                "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
  assert_signed("GET", HOST "/?max-keys=2&prefix=J",
                (const char *[DLA_HTTP_HEADERS]){"x-amz-content-sha256: " NOTHING}, host, plain,
                "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
  assert_signed(
      "PUT", HOST "/test%24file.text",
      (const char *[DLA_HTTP_HEADERS]){
          "x-amz-content-sha256: 44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
          "Date: Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class: REDUCED_REDUNDANCY"},
      host, "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
      "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
}

/* By their names: '-' stands before ':', so that the lines have another order. */
/* A redirect's URL is sent as it came. */
static void urls_of_others_are_signed_as_servers_write_them(void **state)
{
  (void)state;
  static const char host[] = "Host: examplebucket.s3.amazonaws.com";
  static const char *const table[][2] = {
      {HOST "/?lifecycle", "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"},
      {HOST "/?prefix=%4a&max-keys=2",
       "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"},
      {HOST "?max-keys=%32&prefix=J",
       "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"},
  };
  for (size_t i = 0; i < sizeof table / sizeof *table; i++)
    assert_signed("GET", table[i][0],
                  (const char *[DLA_HTTP_HEADERS]){"x-amz-content-sha256: " NOTHING}, host,
                  "host;x-amz-content-sha256;x-amz-date", table[i][1]);
  assert_signed(
      "PUT", HOST "/test$file.text",
      (const char *[DLA_HTTP_HEADERS]){
          "x-amz-content-sha256: 44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
          "Date: Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class: REDUCED_REDUNDANCY"},
      host, "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
      "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
}

static void names_are_sorted(void **state)
{
  (void)state;
  assert_signed("PUT", HOST "/k",
                (const char *[DLA_HTTP_HEADERS]){"X-Amz-Key-MD5: b", "x-amz-key:  a ",
                                                 "x-amz-content-sha256: " NOTHING},
                "Host: examplebucket.s3.amazonaws.com",
                "host;x-amz-content-sha256;x-amz-date;x-amz-key;x-amz-key-md5", "");
}

static void hosts(void **state)
{
  (void)state;
  static const char *const table[][2] = {
      {"http://127.0.0.1:8080/b/k", "Host: 127.0.0.1:8080"},
      {"http://host:80/b", "Host: host"},
      {"http://host:443/b", "Host: host:443"},
      {"https://host:443", "Host: host"},
      {"https://host:80/b", "Host: host:80"},
      {"https://[::1]:443/b", "Host: [::1]"},
      {"http://host?a=b:80", "Host: host"},
  };
  for (size_t i = 0; i < sizeof table / sizeof *table; i++)
    assert_signed("GET", table[i][0],
                  (const char *[DLA_HTTP_HEADERS]){"x-amz-content-sha256: " NOTHING}, table[i][1],
                  "host;x-amz-content-sha256;x-amz-date", "");
}

static void a_header_too_long_is_refused(void **state)
{
  (void)state;
  char header[200];
  memset(header, 'a', sizeof header);
  memcpy(header + 190, ": value", 8);
  dla_strbuf added[DLA_HTTP_ADDED] = {0};
  dla_error err = {0};
  assert_int_equal(dla_s3_sign(&amazon, "GET", HOST "/", (const char *[DLA_HTTP_HEADERS]){header},
                               may_24, added, &err),
                   DLA_E_INPUT);
  for (int i = 0; i < DLA_HTTP_ADDED; i++)
    dla_strbuf_free(&added[i]);
}

/* The signature of a GET with 40 pairs in its query, of which the last has this value. */
static char *sign_many(const char *value)
{
  dla_strbuf url = {0}, added[DLA_HTTP_ADDED] = {0};
  dla_error err = {0};
  dla_strbuf_printf(&url, HOST "/?");
  for (int i = 0; i < 40; i++)
    dla_strbuf_printf(&url, "n%02d=%s&", i, i == 39 ? value : "v");
  assert_int_equal(dla_s3_sign(&amazon, "GET", url.text,
                               (const char *[DLA_HTTP_HEADERS]){"x-amz-content-sha256: " NOTHING},
                               may_24, added, &err),
                   DLA_OK);
  char *signature = strdup(added[2].text);
  assert_non_null(signature);
  for (int i = 0; i < DLA_HTTP_ADDED; i++)
    dla_strbuf_free(&added[i]);
  dla_strbuf_free(&url);
  return signature;
}

static void long_queries_are_signed_whole(void **state)
{
  (void)state;
  char *one = sign_many("one"), *other = sign_many("other");
  assert_string_not_equal(one, other);
  free(one);
  free(other);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(amazons_examples),
      cmocka_unit_test(urls_of_others_are_signed_as_servers_write_them),
      cmocka_unit_test(names_are_sorted),
      cmocka_unit_test(hosts),
      cmocka_unit_test(long_queries_are_signed_whole),
      cmocka_unit_test(a_header_too_long_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
