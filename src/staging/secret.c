#include "config.h" /* MADV_DONTDUMP, explicit_bzero */

#include "staging/secret.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Each secret has pages of its own, because MADV_DONTDUMP works on whole pages. */
struct dla_secret {
  size_t mapped;
  char text[];
};

dla_status dla_secret_new(const char *text, size_t length, dla_secret **out, dla_error *err)
{
  *out = NULL;
  if (!text) return DLA_OK;
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  size_t mapped = (sizeof **out + length + 1 + page - 1) / page * page;
  void *memory = mmap(NULL, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return dla_fail_memory(err, "a secret");
  madvise(memory, mapped, MADV_DONTDUMP); /* only a precaution: a kernel may lack it */
  dla_secret *secret = memory;
  secret->mapped = mapped;
  memcpy(secret->text, text, length);
  secret->text[length] = '\0';
  *out = secret;
  return DLA_OK;
}

const char *dla_secret_text(const dla_secret *secret)
{
  return secret ? secret->text : NULL;
}

void dla_secret_free(dla_secret *secret)
{
  if (!secret) return;
  size_t mapped = secret->mapped;
  explicit_bzero(secret, mapped);
  munmap(secret, mapped);
}
