#include "picture_sets_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "archive_writer.h"
#include "base/read_file.h"
#include "data/pictures/listing.h"
#include "dla/loader.h"
#include "scratch.h"

char *folder;
epoch_copy wanted, got;

const dla_loader_options augmented = {.flip = DLA_FLIP_RANDOM,
                                      .crop = DLA_CROP_RESIZED,
                                      .jitter = {0.4, 0.4, 0.4, 0.1},
                                      .rotation = 20,
                                      .random_erasing = 0.5};

/* A picture that no other number gives: of SIDE + number % 5 pixels. */
written_picture picture(int number)
{
  static const jpeg_kind kind = {3, 2, 2, 0, 90, 0, -1};
  const int width = SIDE + number % 5, height = SIDE + number % 3;
  uint8_t *rgb = make_rgb(width, height);
  for (int i = 0; i < 3 * width * height; i++)
    rgb[i] = (uint8_t)(rgb[i] / 2 + 5 * number);
  const written_picture p = number % 4 ? write_jpeg(rgb, width, height, &kind)
                                       : write_png(rgb, width, height, 2, 8, number % 8 == 0);
  free(rgb);
  return p;
}

const char *put(const char *name, const void *bytes, size_t size)
{
  char path[512];
  snprintf(path, sizeof path, "%s", name);
  for (char *slash = path; (slash = strchr(slash, '/')); *slash++ = '/') {
    *slash = '\0';
    mkdir(scratch_path(folder, path), 0755);
  }
  return scratch_write(folder, name, bytes, size);
}

void put_picture(const char *name, int number)
{
  const written_picture p = picture(number);
  put(name, p.bytes, p.size);
  free(p.bytes);
}

/* FOLDER/ROOT/CLASS/NUMBER.jpg: CLASSES classes of EACH. */
void put_classes(const char *root, int first)
{
  for (int c = 0; c < CLASSES; c++)
    for (int i = 0; i < EACH; i++) {
      char name[64];
      snprintf(name, sizeof name, "%s/class%d/%d.jpg", root, 8 + c, i);
      put_picture(name, first + c * EACH + i);
    }
}

int set_up(void **state)
{
  *state = folder = scratch_new();
  return folder == NULL;
}

int tear_down(void **state)
{
  scratch_remove(*state);
  return 0;
}

dla_picture_set *open_with(const char *path, const dla_dataset_options *options)
{
  dla_picture_set *set;
  dla_error err = {0};
  bool other;
  if (dla_picture_set_open(path, options, &other, &set, &err)) fail_msg("%s", err.what);
  assert_false(other);
  return set;
}

dla_picture_set *open_set(const char *name)
{
  return open_with(scratch_path(folder, name), &(dla_dataset_options){0});
}

size_t count_side(const dla_picture_set *set, dla_side side)
{
  size_t count = 0;
  for (size_t i = 0; i < set->list.count; i++) {
    const dla_picture_entry *e = &set->list.entries[i];
    count += e->side == side && e->state == DLA_PICTURE_GOOD;
  }
  return count;
}

void check_left_out(const dla_picture_set *set, const char *name, const char *why)
{
  for (size_t i = 0; i < set->list.count; i++) {
    const dla_picture_entry *e = &set->list.entries[i];
    if (strcmp(dla_picture_name(&set->list, e), name) != 0) continue;
    assert_int_equal(e->state, DLA_PICTURE_LEFT_OUT);
    if (!strstr(set->list.reasons[e->reason].what, why))
      fail_msg("%s: %s", name, set->list.reasons[e->reason].what);
    return;
  }
  fail_msg("%s is not listed", name);
}

void check_refused(const char *path, const dla_dataset_options *options, const char *what)
{
  dla_dataset *train = NULL, *test = NULL;
  dla_error err = {0};
  assert_int_equal(dla_dataset_load(path, options, &train, &test, &err), DLA_E_INPUT);
  if (!strstr(err.what, what)) fail_msg("'%s' and not '%s'", err.what, what);
  assert_null(train);
}

static void count_report(void *context, size_t sample, const dla_error *why)
{
  (void)sample;
  assert_true(why->what[0] != '\0');
  ++*(size_t *)context;
}

void read_epoch(const dla_dataset *dataset, dla_loader_options options, epoch_copy *copy)
{
  dla_loader *loader;
  dla_batch batch;
  dla_error err = {0};
  memset(copy, 0, sizeof *copy);
  options.channels = 3;
  options.height = options.width = SIZE;
  options.batch_size = 7;
  options.seed = 3;
  options.shuffle = true;
  options.random_crop = (dla_random_crop){0.08, 1, 0.75, 1.3333};
  for (int c = 0; c < 3; c++)
    options.std[c] = 1;
  if (dla_loader_create(dataset, &options, &loader, &err)) fail_msg("%s", err.what);
  dla_loader_start(loader, 5, 0);
  do {
    if (dla_loader_next(loader, &batch, &err)) fail_msg("%s", err.what);
    for (size_t i = 0; i < batch.count; i++, copy->count++) {
      memcpy(copy->images[copy->count], batch.images + i * PIXELS, sizeof copy->images[0]);
      copy->labels[copy->count] = batch.labels[i];
    }
  } while (batch.count);
  copy->replaced = dla_loader_stand_ins(loader, count_report, &copy->reports);
  dla_loader_free(loader);
}

void load_epoch(const char *path, const dla_pictures_options *pictures,
                const dla_loader_options *options, epoch_copy *copy)
{
  dla_dataset *train, *test;
  dla_error err = {0};
  const dla_dataset_options all = {.pictures = *pictures};
  if (dla_dataset_load(path, &all, &train, &test, &err)) fail_msg("%s", err.what);
  assert_int_equal(train->classes, CLASSES);
  read_epoch(train, *options, copy);
  dla_dataset_free(train);
  dla_dataset_free(test);
}

void check_same(const char *path, const dla_pictures_options *pictures,
                const dla_loader_options *options)
{
  load_epoch(path, pictures, options, &got);
  assert_int_equal(got.count, wanted.count);
  assert_memory_equal(got.labels, wanted.labels, sizeof got.labels);
  assert_memory_equal(got.images, wanted.images, sizeof got.images);
}

const char *archive_of(const char *name, const char *format, const char *filter)
{
  static archive_member members[MOST + 1];
  static char names[MOST][64];
  static written_picture pictures[MOST];
  for (int i = MOST - 1; i >= 0; i--) { /* in another order than by name */
    snprintf(names[i], sizeof names[i], "./top/class%d/%d.jpg", 8 + i / EACH, i % EACH);
    pictures[i] = picture(i);
    members[MOST - 1 - i] =
        (archive_member){names[i], (const char *)pictures[i].bytes, 'b', pictures[i].size};
  }
  members[MOST] = (archive_member){0};
  const char *path = scratch_path(folder, name);
  const int written = archive_write(path, format, filter, members);
  for (int i = 0; i < MOST; i++)
    free(pictures[i].bytes);
  return written ? path : NULL;
}

/* An archive of all files of a folder, in top/. */
const char *pack_folder(const char *name, const char *format, const char *filter)
{
  static archive_member members[64];
  dla_strbuf names[64] = {0};
  char *bytes[64] = {0}, archive[128];
  dla_picture_list list = {0};
  dla_error err = {0};
  assert_int_equal(dla_picture_list_from_folder(&list, scratch_path(folder, name), &err), DLA_OK);
  assert_true(list.count < 64);
  for (size_t i = 0; i < list.count; i++) {
    dla_strbuf path = {0};
    dla_strbuf_printf(&names[i], "top/");
    dla_picture_below(&list, &list.entries[i], &names[i]);
    dla_picture_path(&list, &list.entries[i], &path);
    members[i] = (archive_member){.name = names[i].text, .type = 'b'};
    assert_int_equal(dla_read_file(path.text, 1 << 20, &bytes[i], &members[i].size, &err), DLA_OK);
    members[i].content = bytes[i];
    dla_strbuf_free(&path);
  }
  members[list.count] = (archive_member){0};
  snprintf(archive, sizeof archive, "%s.%s.%s", name, filter, format);
  const char *path = scratch_path(folder, archive);
  const int written = archive_write(path, format, filter, members);
  for (size_t i = 0; i < list.count; i++) {
    free(bytes[i]);
    dla_strbuf_free(&names[i]);
  }
  dla_picture_list_free(&list);
  return written ? path : NULL;
}

void check_hint(const char *name, const char *hint)
{
  dla_dataset *train = NULL, *test = NULL;
  dla_error err = {0};
  const char *path = scratch_path(folder, name);
  assert_int_equal(dla_dataset_load(path, &(dla_dataset_options){0}, &train, &test, &err),
                   DLA_E_INPUT);
  if (!strstr(err.hint, hint)) fail_msg("%s", err.hint);
}
