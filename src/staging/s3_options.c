#include "config.h" /* explicit_bzero */

#include "base/array.h"
#include "staging/s3_options.h"

#include <string.h>

#include "base/base64.h"

const char *const dla_sse_kinds[] = {"none", "AES256", "aws:kms", "aws:kms:dsse", NULL};

static bool is_kms(const char *sse)
{
  return sse && strncmp(sse, "aws:kms", 7) == 0;
}

bool dla_is_customer_key(const char *text)
{
  enum { KEY = 32 };
  unsigned char key[KEY + 1];
  const bool is = dla_base64_decode(text, key, sizeof key) == KEY;
  explicit_bzero(key, sizeof key);
  return is;
}

bool dla_sse_is_asked(const char *sse)
{
  return dla_option_given(sse) && strcmp(sse, dla_sse_kinds[0]) != 0;
}

/* Ends with base64's padding: no file has such a name. */
static bool is_written_key(const char *text)
{
  return dla_option_given(text) && text[strlen(text) - 1] == '=' && dla_is_customer_key(text);
}

dla_status dla_s3_options_check(const dla_s3_options *o, const dla_s3_option_names *names,
                                dla_error *err)
{
  const bool sse = dla_sse_is_asked(o->sse);
  if (is_written_key(o->customer_key_file))
    return dla_fail(err, DLA_E_INPUT, names->customer_key_file, "others can read it here",
                    "needs the name of a file that holds the key, and not the key");
  if (sse && !dla_is_one_of(o->sse, dla_sse_kinds))
    return dla_fail(err, DLA_E_INPUT, names->sse, NULL,
                    "is none, AES256, aws:kms or aws:kms:dsse, not '%.40s'", o->sse);
  if (dla_option_given(o->kms_key) && !is_kms(o->sse))
    return dla_fail(err, DLA_E_INPUT, names->kms_key, NULL, "belongs to %s=aws:kms", names->sse);
  if (sse && dla_option_given(o->customer_key_file))
    return dla_fail(err, DLA_E_INPUT, names->customer_key_file, NULL, "and %s exclude each other",
                    names->sse);
  return DLA_OK;
}
