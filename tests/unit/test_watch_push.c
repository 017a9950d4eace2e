/* One file of a watched folder on its way, while its name goes to another one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/sha256.h"
#include "scratch.h"
#include "staging/transfer/watch_push.h"

enum { LARGE = 5 << 20 }; /* more than what is copied into memory first */

/* A storage that does something to the folder before it reads what it is given. */
typedef struct meddler {
  dla_storage base;
  void (*meddle)(struct meddler *m);
  const char *path, *newer;
  int puts;
  const char *held; /* the SHA-256 of what the target holds; NULL: it holds nothing */
  char sha256[DLA_SHA256_TEXT], told[DLA_SHA256_TEXT];
} meddler;

static void rename_over(meddler *m)
{
  assert_int_equal(rename(m->newer, m->path), 0);
}

static void delete_it(meddler *m)
{
  assert_int_equal(unlink(m->path), 0);
}

static void write_into(meddler *m)
{
  FILE *file = fopen(m->path, "a");
  assert_true(file && fputs("more", file) >= 0 && fclose(file) == 0);
}

static dla_status put(dla_storage *storage, const char *key, int file, const char *name,
                      const char *sha256, dla_error *err)
{
  meddler *m = (meddler *)storage;
  struct stat info;
  (void)key, (void)name;
  m->puts++;
  snprintf(m->told, sizeof m->told, "%s", sha256);
  if (m->meddle) m->meddle(m);
  if (fstat(file, &info)) return dla_fail_errno(err, "it", "look at");
  char *bytes = malloc((size_t)info.st_size + 1);
  assert_non_null(bytes);
  assert_int_equal(pread(file, bytes, (size_t)info.st_size, 0), info.st_size);
  dla_status status = dla_sha256(bytes, (size_t)info.st_size, m->sha256, err);
  free(bytes);
  return status;
}

/* The object as the target tells it. */
static dla_status head(dla_storage *storage, const char *key, dla_object *object, bool *found,
                       dla_error *err)
{
  const meddler *m = (const meddler *)storage;
  (void)key, (void)err;
  *found = m->held;
  snprintf(object->sha256, sizeof object->sha256, "%s", m->held ? m->held : "");
  return DLA_OK;
}

static const dla_storage_operations operations = {.put = put, .head = head};

typedef struct fixture {
  char *scratch, *old;
  meddler storage;
  dla_watch_target target;
  dla_watched file;
} fixture;

static char *filled(size_t size, int value)
{
  char *bytes = malloc(size);
  assert_non_null(bytes);
  return memset(bytes, value, size);
}

static fixture begin(size_t size, void (*meddle)(meddler *))
{
  fixture f = {.scratch = scratch_new()};
  dla_error err = {0};
  f.old = filled(size, 'o');
  const char *folder = scratch_folder(f.scratch, "from");
  f.storage = (meddler){.base.op = &operations,
                        .meddle = meddle,
                        .path = scratch_write(folder, "ckpt", f.old, size),
                        .newer = scratch_write(f.scratch, "newer", "newer", 5)};
  assert_int_equal(dla_meter_new(NULL, &f.target.meter, &err), DLA_OK);
  f.target.folder = folder;
  f.file = (dla_watched){.key = "ckpt", .present = true, .changed = true};
  return f;
}

static void see(fixture *f)
{
  struct stat info;
  assert_int_equal(stat(f->storage.path, &info), 0);
  f->file.seen = dla_stamp_of(&info);
}

static dla_status push(fixture *f, bool *superseded)
{
  uint64_t bytes;
  int from;
  dla_error err = {0};
  f->target.dest = &f->storage.base;
  dla_status status = dla_watch_open(&f->target, &f->file, &from, &err);
  *superseded = from < 0;
  if (from < 0) return status;
  status = dla_watch_push(&f->target, &f->file, from, &bytes, &err);
  close(from);
  return status;
}

static void end(fixture *f)
{
  dla_meter_free(f->target.meter);
  free(f->old);
  scratch_remove(f->scratch);
}

static const size_t sizes[] = {10, LARGE};

/* The version that was hashed is the one that is sent, and that is no error. */
static void replaced_while_it_is_sent(void **state)
{
  (void)state;
  void (*const ways[])(meddler *) = {rename_over, delete_it};
  for (size_t i = 0; i < 4; i++) {
    bool superseded;
    char expected[DLA_SHA256_TEXT];
    dla_error err = {0};
    fixture f = begin(sizes[i / 2], ways[i % 2]);
    see(&f);
    assert_int_equal(push(&f, &superseded), DLA_OK);
    assert_false(superseded);
    assert_int_equal(dla_sha256(f.old, sizes[i / 2], expected, &err), DLA_OK);
    assert_string_equal(f.storage.sha256, expected);
    assert_string_equal(f.storage.told, expected);
    assert_string_equal(f.file.sha256, expected);
    end(&f);
  }
}

/* Nothing is sent, and nothing is wrong: the newer one comes next. */
static void replaced_before_it_is_sent(void **state)
{
  (void)state;
  void (*const ways[])(meddler *) = {rename_over, delete_it};
  for (size_t i = 0; i < 2; i++) {
    bool superseded;
    fixture f = begin(10, NULL);
    see(&f);
    ways[i](&f.storage);
    assert_int_equal(push(&f, &superseded), DLA_OK);
    assert_true(superseded);
    assert_int_equal(f.storage.puts, 0);
    end(&f);
  }
}

/* In place: what was sent may be half of each. */
static void written_to_while_it_is_sent(void **state)
{
  (void)state;
  bool superseded;
  fixture f = begin(LARGE, write_into);
  see(&f);
  assert_int_equal(push(&f, &superseded), DLA_E_IO);
  end(&f);
  f = begin(10, write_into); /* a copy is sent, which nobody writes to */
  see(&f);
  assert_int_equal(push(&f, &superseded), DLA_OK);
  end(&f);
}

/* A log may grow at any time. It is sent as it is when it is opened, also if it is large. */
static void logs_grow_while_they_are_sent(void **state)
{
  (void)state;
  for (size_t i = 0; i < 2; i++) {
    bool superseded;
    fixture f = begin(sizes[i], write_into);
    f.file.log = true;
    see(&f);
    write_into(&f.storage); /* since the scan */
    assert_int_equal(push(&f, &superseded), DLA_OK);
    assert_string_equal(f.storage.sha256, f.storage.told);
    assert_int_equal(f.file.seen.size, sizes[i] + 4);
    end(&f);
  }
}

static int times(const char *etag, const char *sha256, uint64_t size)
{
  bool superseded;
  fixture f = begin(10, NULL);
  see(&f);
  f.storage.held = sha256;
  dla_object *object = dla_objects_add(&f.target.remote, "ckpt");
  assert_non_null(object);
  object->size = size;
  dla_object_set_etag(object, etag);
  assert_int_equal(push(&f, &superseded), DLA_OK);
  assert_int_equal(push(&f, &superseded), DLA_OK); /* it knows what it sent */
  const int puts = f.storage.puts;
  dla_objects_free(&f.target.remote);
  end(&f);
  return puts;
}

/* Only the same bytes count as held: by the ETag, where it is an MD5, or by the SHA-256. */
static void what_the_target_holds_is_not_sent(void **state)
{
  (void)state;
  static const char other[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
                    md5[] = "417f4ef874925faebdcc8c79b32246ca";
  char sha256[DLA_SHA256_TEXT];
  dla_error err = {0};
  assert_int_equal(dla_sha256("oooooooooo", 10, sha256, &err), DLA_OK);
  assert_int_equal(times(md5, NULL, 10), 0);
  assert_int_equal(times(md5, other, 10), 0);
  assert_int_equal(times("", sha256, 10), 0);
  assert_int_equal(times("0123456789abcdef0123456789abcdef-2", sha256, 10), 0);
  assert_int_equal(times("0123456789abcdef0123456789abcdef", other, 10), 1);
  assert_int_equal(times("0123456789abcdef0123456789abcdef", NULL, 10), 1);
  assert_int_equal(times("", other, 10), 1);
  assert_int_equal(times("", NULL, 10), 1);
  assert_int_equal(times(md5, sha256, 11), 1); /* it is not what was listed */
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(replaced_while_it_is_sent),
      cmocka_unit_test(replaced_before_it_is_sent),
      cmocka_unit_test(written_to_while_it_is_sent),
      cmocka_unit_test(logs_grow_while_they_are_sent),
      cmocka_unit_test(what_the_target_holds_is_not_sent),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
