/* Takes any text as a web page, as a profile of the AWS tools, as base64, and as a file's name. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/atomic_file.h"
#include "base/base64.h"
#include "staging/page.h"
#include "staging/profile.h"
#include "staging/unpack/unpack_name.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void found(void *context, const char *key, const char *value)
{
  *(size_t *)context += strlen(key) + strlen(value);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
  char words[32];
  unsigned char decoded[64];
  size_t count = 0;
  /* Of just that length, so that a read behind it is seen. */
  char *page = malloc(size ? size : 1), *text = malloc(size + 1);
  if (!page || !text) abort();
  if (size) memcpy(page, bytes, size);
  dla_page_words(page, size, words, sizeof words);
  if (strlen(words) >= sizeof words || strchr(words, '\n')) abort();
  if (size) memcpy(text, bytes, size);
  text[size] = '\0';
  if (dla_base64_decode(text, decoded, sizeof decoded) > sizeof decoded) abort();
  if (dla_atomic_stem(text) > strlen(text) || dla_unpack_suffix(text) > strlen(text)) abort();
  dla_profile_parse(text, "default", found, &count);
  if (count > size) abort();
  free(page);
  free(text);
  return 0;
}
