#include "data/pictures/pack.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>

#include "base/atomic_file.h"
#include "base/clock.h"
#include "base/path.h"
#include "base/try.h"

typedef struct packing {
  const dla_picture_set *set;
  const dla_pictures_options *options;
  struct archive *tar;
  const char *path;
  size_t count, all;
  uint64_t bytes;
  double told;
} packing;

static dla_status failed(const packing *p, dla_error *err)
{
  const char *why = archive_error_string(p->tar);
  return dla_fail(err, DLA_E_IO, p->path, NULL, "cannot write it: %s", why ? why : "no reason");
}

/* The picture's name in the archive. */
static dla_status name_of(const packing *p, const dla_picture_entry *entry, dla_strbuf *name,
                          dla_error *err)
{
  const dla_picture_set *set = p->set;
  const dla_picture_folder *folder = &set->list.folders[entry->folder];
  if (!set->made_split)
    dla_strbuf_printf(name, "%s/", entry->side == DLA_SIDE_VAL ? "val" : "train");
  if (set->list.file_names) {
    /* The name has the class. */
    const char *below = folder->path + folder->class_at;
    dla_strbuf_printf(name, "%s%s%s", below, *below ? "/" : "",
                      dla_picture_name(&set->list, entry));
  } else if (entry->listed) {
    /* A CSV's label may not be valid as a folder's name. */
    for (const char *c = set->class_names[entry->label]; *c; c++)
      dla_strbuf_append(name, *c == '/' ? "_" : c, 1);
    dla_strbuf_append(name, "/", 1);
    if (set->list.shards)
      dla_strbuf_printf(name, "%s/", dla_path_name(set->list.places[entry->place].path));
    dla_picture_below(&set->list, entry, name);
  } else {
    dla_strbuf_printf(name, "%s/%s", folder->path + folder->class_at,
                      dla_picture_name(&set->list, entry));
  }
  return name->failed ? dla_fail_memory(err, "a file name") : DLA_OK;
}

static dla_status write_member(const packing *p, const char *name, const dla_picture_entry *entry,
                               const uint8_t *bytes, size_t size, dla_error *err)
{
  struct archive_entry *member = archive_entry_new();
  if (!member) return dla_fail_memory(err, p->path);
  archive_entry_set_pathname(member, name);
  archive_entry_set_size(member, (la_int64_t)size);
  archive_entry_set_filetype(member, AE_IFREG);
  archive_entry_set_perm(member, 0644);
  archive_entry_set_mtime(member, (time_t)(entry->changed / 1000000000), 0);
  const int code = archive_write_header(p->tar, member);
  archive_entry_free(member);
  /* libarchive only warns about a name that is not valid text in this locale, and writes it
   * unchanged. */
  if (code != ARCHIVE_OK && code != ARCHIVE_WARN) return failed(p, err);
  return archive_write_data(p->tar, bytes, size) == (la_ssize_t)size ? DLA_OK : failed(p, err);
}

static dla_status add(void *context, const dla_picture_entry *entry, const uint8_t *bytes,
                      size_t size, dla_error *err)
{
  packing *p = context;
  const dla_pictures_options *o = p->options;
  dla_strbuf name = {0};
  dla_status status = name_of(p, entry, &name, err);
  if (!status) status = write_member(p, dla_strbuf_text(&name), entry, bytes, size, err);
  dla_strbuf_free(&name);
  if (status) return status;
  p->count++;
  p->bytes += size;
  const double now = dla_clock();
  if (now - p->told < 0.2) return DLA_OK;
  p->told = now;
  if (o->progress) o->progress(o->context, "pack", p->count, p->all);
  if (o->stop && o->stop(o->context))
    return dla_fail(err, DLA_E_INTERRUPTED, NULL, NULL, "the packing was interrupted");
  return DLA_OK;
}

static dla_status write_all(packing *p, dla_atomic_file *file, dla_error *err)
{
  p->tar = archive_write_new();
  if (!p->tar) return dla_fail_memory(err, p->path);
  dla_status status = DLA_OK;
  if (archive_write_set_format_pax_restricted(p->tar) != ARCHIVE_OK ||
      archive_write_open_fd(p->tar, dla_atomic_descriptor(file)) != ARCHIVE_OK)
    status = failed(p, err);
  if (!status) status = dla_picture_set_visit(p->set, add, p, err);
  if (!status && archive_write_close(p->tar) != ARCHIVE_OK) status = failed(p, err);
  archive_write_free(p->tar);
  return status;
}

dla_status dla_picture_pack(const dla_picture_set *set, const char *path,
                            const dla_pictures_options *options, size_t *count, uint64_t *bytes,
                            dla_error *err)
{
  packing p = {.set = set, .options = options, .path = path};
  dla_atomic_file *file;
  for (size_t i = 0; i < set->list.count; i++) {
    const dla_picture_entry *e = &set->list.entries[i];
    p.all += e->state == DLA_PICTURE_GOOD && e->side != DLA_SIDE_NONE;
  }
  TRY(dla_atomic_open(path, &file, err));
  dla_status status = write_all(&p, file, err);
  *count = p.count;
  *bytes = p.bytes;
  return dla_atomic_end(file, status, err);
}
