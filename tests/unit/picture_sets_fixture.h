/* Sets of pictures in a folder of the test, and an epoch of samples from them. */
#ifndef PICTURE_SETS_FIXTURE_H
#define PICTURE_SETS_FIXTURE_H

#include "data/pictures/listing.h"
#include "data/pictures/set.h"
#include "dla/loader.h"
#include "picture_writer.h"

enum { SIDE = 16, CLASSES = 3, EACH = 12 };

/* The test's folder, new for each. */
extern char *folder;
int set_up(void **state);
int tear_down(void **state);
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

/* A picture that no other number gives: of SIDE + number % 5 pixels. */
written_picture picture(int number);
/* Writes a file, and the folders above it. */
const char *put(const char *name, const void *bytes, size_t size);
void put_picture(const char *name, int number);
/* FOLDER/ROOT/CLASS/NUMBER.jpg: CLASSES classes of EACH. */
void put_classes(const char *root, int first);

dla_picture_set *open_with(const char *path, const dla_dataset_options *options);
dla_picture_set *open_set(const char *name);
/* The good pictures of a side. */
size_t count_side(const dla_picture_set *set, dla_side side);
void check_left_out(const dla_picture_set *set, const char *name, const char *why);
/* Loading it fails with an error that has `what`. */
void check_refused(const char *path, const dla_dataset_options *options, const char *what);

enum { SIZE = 12, PIXELS = 3 * SIZE * SIZE, MOST = CLASSES * EACH };

typedef struct epoch_copy {
  size_t count, replaced, reports;
  float images[MOST][PIXELS];
  int32_t labels[MOST];
} epoch_copy;

extern epoch_copy wanted, got;
extern const dla_loader_options augmented;

void read_epoch(const dla_dataset *dataset, dla_loader_options options, epoch_copy *copy);
/* Loads a set, and reads an epoch of what is to train with. */
void load_epoch(const char *path, const dla_pictures_options *pictures,
                const dla_loader_options *options, epoch_copy *copy);
/* An epoch of that set, in `got`, is the one in `wanted`. */
void check_same(const char *path, const dla_pictures_options *pictures,
                const dla_loader_options *options);
/* The set of put_classes() as an archive; NULL: this libarchive cannot write it. */
const char *archive_of(const char *name, const char *format, const char *filter);
/* An archive of all files of a folder, in top/. */
const char *pack_folder(const char *name, const char *format, const char *filter);
void check_hint(const char *name, const char *hint);

#endif
