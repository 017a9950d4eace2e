#include "config.h" /* explicit_bzero */

#include "staging/take_options.h"

#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "base/read_file.h"
#include "base/try.h"

/* The user may have given the key itself in place of the file's name. The error does not show it
 * then. */
static dla_status fail_key_file(const char *path, const char *name, const char *hint,
                                const char *what, dla_error *err)
{
  return dla_fail(err, DLA_E_INPUT, name, hint, "%.200s: %s",
                  dla_is_customer_key(path) ? "the file" : path, what);
}

/* The key in base64. The file holds either 32 bytes, or their base64 on a line. */
static const char *key_text(char *bytes, size_t length, char *text, size_t size)
{
  enum { KEY = 32 };
  if (length == KEY) {
    dla_base64_encode(text, size, (const unsigned char *)bytes, length);
    return text;
  }
  while (length && memchr("\r\n", bytes[length - 1], 2))
    bytes[--length] = '\0';
  return bytes;
}

static dla_status take_customer_key(dla_stage_settings *s, const char *path, const char *name,
                                    dla_error *err)
{
  static const char hint[] = "head -c 32 /dev/urandom | base64";
  enum { LONGEST = 100 };
  char *bytes = NULL, text[LONGEST];
  size_t length = 0;
  dla_error why = {0};
  if (!dla_option_given(path)) return DLA_OK;
  dla_status status = dla_read_file(path, LONGEST, &bytes, &length, &why);
  if (status == DLA_E_INPUT) return fail_key_file(path, name, why.hint, why.what, err);
  if (status) {
    if (err) *err = why;
    return status;
  }
  status = dla_stage_take_secret(s, name, key_text(bytes, length, text, sizeof text),
                                 &s->customer_key, err);
  explicit_bzero(bytes, length);
  explicit_bzero(text, sizeof text);
  free(bytes);
  if (status) return status;
  if (!s->customer_key) return fail_key_file(path, name, hint, "holds no key", err);
  return dla_is_customer_key(dla_secret_text(s->customer_key))
             ? DLA_OK
             : fail_key_file(path, name, hint, "is not a key of 32 bytes, nor its base64", err);
}

static dla_status take(dla_stage_settings *s, const dla_s3_options *o,
                       const dla_s3_option_names *names, dla_error *err)
{
  s->requester_pays = o->requester_pays;
  s->style = o->style;
  if (dla_option_given(o->profile) && s->missing_profile[0])
    return dla_fail(err, DLA_E_INPUT, names->profile, "see ~/.aws/credentials and ~/.aws/config",
                    "there is no profile '%s'", s->missing_profile);
  TRY(dla_stage_take_text(s, names->storage_class, o->storage_class, s->storage_class,
                          sizeof s->storage_class, err));
  if (dla_sse_is_asked(o->sse))
    TRY(dla_stage_take_text(s, names->sse, o->sse, s->sse, sizeof s->sse, err));
  TRY(dla_stage_take_text(s, names->kms_key, o->kms_key, s->kms_key, sizeof s->kms_key, err));
  return take_customer_key(s, o->customer_key_file, names->customer_key_file, err);
}

dla_status dla_stage_settings_with(dla_stage_settings *s, const dla_s3_options *o,
                                   const dla_s3_option_names *names, dla_error *err)
{
  *s = (dla_stage_settings){0};
  TRY(dla_s3_options_check(o, names, err));
  TRY(dla_stage_settings_init_profile(s, dla_option_given(o->profile) ? o->profile : NULL, err));
  dla_status status = take(s, o, names, err);
  if (status) dla_stage_settings_free(s);
  return status;
}

dla_status dla_stage_take_sha256(dla_stage_settings *s, const char *what, const char *text,
                                 dla_error *err)
{
  enum { DIGITS = 64 };
  if (strlen(text) != DIGITS || strspn(text, "0123456789abcdefABCDEF") != DIGITS)
    return dla_fail(err, DLA_E_INPUT, what, NULL, "is not 64 hexadecimal digits");
  return dla_stage_take_text(s, what, text, s->sha256, sizeof s->sha256, err);
}

void dla_stage_set_part_size(dla_stage_settings *s, double mib)
{
  s->part_size = (uint64_t)(mib * (1 << 20));
  s->get_in_parts = s->put_in_parts = 2 * s->part_size;
}

void dla_stage_set_parallel(dla_stage_settings *s, int count)
{
  s->parallel = s->parallel_files = count;
}
