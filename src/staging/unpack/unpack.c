#include "staging/unpack/unpack.h"

#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/archive_reason.h"
#include "base/flush.h"
#include "base/make_folder.h"
#include "base/path.h"
#include "base/swept_folder.h"
#include "base/try.h"
#include "base/utf8_locale.h"
#include "staging/copy_file.h"
#include "staging/page.h"
#include "staging/unpack/unpack_input.h"
#include "staging/unpack/unpack_move.h"
#include "staging/unpack/unpack_name.h"

/* Below so many bytes unpacked, no ratio is suspicious. */
static const uint64_t small = 64 << 20;

typedef struct unpacking {
  const char *path, *name;
  char *folder; /* the temporary folder, as an absolute path without links */
  const dla_stage_settings *settings;
  dla_meter *meter;
  dla_unpack_input *input;
  struct archive *disk;
  uint64_t size, entries, bytes; /* size of the packed file; what was unpacked so far */
  bool as_it_is;                 /* it is no archive */
  bool empty_archive;            /* it is an archive that holds nothing */
  dla_error *err;
} unpacking;

/* Files that are zip archives inside, but should not be unpacked. */
static bool is_zip_by_another_name(const char *name)
{
  static const char *const suffixes[] = {".pth", ".pt",   ".ckpt", ".npz", ".jar",
                                         ".whl", ".docx", ".xlsx", ".odt", ".epub"};
  for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++)
    if (dla_path_ends(name, suffixes[i])) return true;
  return false;
}

static dla_status refuse(const unpacking *u, const char *entry, const char *why)
{
  return dla_fail(u->err, DLA_E_INPUT, u->name, "nothing was unpacked; is it the right file?",
                  "the archive's entry '%.200s' %s", entry, why);
}

static dla_status check_limits(const unpacking *u, const char *entry)
{
  const dla_stage_settings *s = u->settings;
  if (u->entries > s->unpack_entries) return refuse(u, entry, "is one more than may be unpacked");
  if (u->bytes > s->unpack_bytes) return refuse(u, entry, "brings more bytes than may be unpacked");
  if (u->bytes > small && u->bytes / s->unpack_ratio > u->size)
    return refuse(u, entry, "is compressed so well that it looks like a trap");
  return dla_meter_stopped(u->meter)
             ? dla_fail(u->err, DLA_E_INTERRUPTED, u->name, NULL, "unpacking was stopped")
             : DLA_OK;
}

/* The error for a failed write of libarchive. Without an errno, libarchive refused the entry
 * itself. For a full disk its own words only say that a write failed. */
static dla_status disk_failure(const unpacking *u, const char *entry)
{
  int why = archive_errno(u->disk);
  if (why == ENOSPC || why == EDQUOT || why == EFBIG)
    return dla_fail(u->err, DLA_E_IO, u->name, "nothing was unpacked: there is no space; make room",
                    "cannot unpack %.200s: %s", entry, strerror(why));
  return dla_fail(u->err, why > 0 ? DLA_E_IO : DLA_E_INPUT, u->name, "nothing was unpacked",
                  "cannot unpack %.200s: %s", entry, dla_archive_reason(u->disk));
}

static dla_status copy_data(unpacking *u, const char *name)
{
  const void *bytes;
  size_t count;
  la_int64_t offset, end = 0;
  struct archive *archive = dla_unpack_archive(u->input);
  for (;;) {
    int code = archive_read_data_block(archive, &bytes, &count, &offset);
    if (code == ARCHIVE_EOF) return DLA_OK;
    if (code != ARCHIVE_OK) return dla_unpack_failure(u->input, name, u->err);
    if (offset + (la_int64_t)count > end) { /* holes count as bytes, too */
      u->bytes += (uint64_t)(offset + (la_int64_t)count - end);
      end = offset + (la_int64_t)count;
    }
    TRY(check_limits(u, name));
    if (archive_write_data_block(u->disk, bytes, count, offset) < ARCHIVE_OK)
      return disk_failure(u, name);
    dla_meter_add(u->meter, (int64_t)count);
  }
}

/* A hard link's target must be an earlier entry, and a file, not a link that leads elsewhere. */
static dla_status place_hardlink(const unpacking *u, struct archive_entry *entry, const char *name)
{
  struct stat info;
  char *clean = strdup(archive_entry_hardlink(entry));
  if (!clean) return dla_fail_memory(u->err, "a file name");
  bool fine = dla_unpack_clean_name(archive_entry_hardlink(entry), clean) && clean[0];
  char *target = fine ? dla_join_path(u->folder, clean) : NULL;
  free(clean);
  if (fine && !target) return dla_fail_memory(u->err, "a file name");
  fine = fine && lstat(target, &info) == 0 && S_ISREG(info.st_mode);
  if (fine) archive_entry_copy_hardlink(entry, target);
  free(target);
  return fine ? DLA_OK : refuse(u, name, "is a link to no file of the archive");
}

/* The owner may do everything; no set-user-id. The umask still applies. */
static void tame_mode(struct archive_entry *entry)
{
  bool folder = archive_entry_filetype(entry) == AE_IFDIR;
  archive_entry_set_perm(entry, (archive_entry_perm(entry) & 0777) | (folder ? 0700 : 0600));
}

static dla_status check_entry(const unpacking *u, struct archive_entry *entry, const char *name,
                              const char *path)
{
  struct stat info;
  mode_t type = archive_entry_filetype(entry);
  bool there = lstat(path, &info) == 0;
  if (there && !(S_ISDIR(info.st_mode) && type == AE_IFDIR))
    return refuse(u, name, "is there twice");
  if (archive_entry_hardlink(entry)) return place_hardlink(u, entry, name);
  if (type == AE_IFLNK) {
    const char *target = archive_entry_symlink(entry);
    if (!target || !dla_unpack_link_stays(name, target))
      return refuse(u, name, "is a link out of the folder");
    return DLA_OK;
  }
  if (type != AE_IFREG && type != AE_IFDIR) return refuse(u, name, "is no file, folder or link");
  return DLA_OK;
}

static dla_status write_entry(unpacking *u, struct archive_entry *entry, const char *name)
{
  char *path = dla_join_path(u->folder, name);
  if (!path) return dla_fail_memory(u->err, "a file name");
  dla_status status = check_entry(u, entry, name, path);
  archive_entry_copy_pathname(entry, path);
  tame_mode(entry);
  if (!status && archive_write_header(u->disk, entry) < ARCHIVE_WARN)
    status = disk_failure(u, name);
  bool has_data = archive_entry_filetype(entry) == AE_IFREG && !archive_entry_hardlink(entry);
  if (!status && has_data) status = copy_data(u, name);
  if (!status && archive_write_finish_entry(u->disk) < ARCHIVE_WARN) status = disk_failure(u, name);
  free(path);
  return status;
}

/* Writes a compressed file that is no archive, under its name without the suffix. */
static dla_status write_single(unpacking *u, struct archive_entry *entry)
{
  char *name = strdup(u->name);
  if (!name) return dla_fail_memory(u->err, "a file name");
  name[strlen(name) - dla_unpack_suffix(name)] = '\0';
  archive_entry_set_filetype(entry, AE_IFREG);
  archive_entry_set_perm(entry, 0644);
  dla_status status = write_entry(u, entry, name);
  free(name);
  return status;
}

static dla_status take_entry(unpacking *u, struct archive_entry *entry)
{
  const char *name = archive_entry_pathname(entry);
  if (!name) return refuse(u, "?", "has no name that can be read");
  char *clean = strdup(name);
  if (!clean) return dla_fail_memory(u->err, "a file name");
  u->entries++;
  dla_status status = check_limits(u, name);
  if (!status && !dla_unpack_clean_name(name, clean))
    status = refuse(u, name, "would be outside of the folder");
  if (!status && clean[0]) status = write_entry(u, entry, clean);
  free(clean);
  return status;
}

static dla_status take_entries(unpacking *u)
{
  struct archive_entry *entry;
  struct archive *archive = dla_unpack_archive(u->input);
  for (bool first = true;; first = false) {
    int code = archive_read_next_header(archive, &entry);
    int format = archive_format(archive) & ARCHIVE_FORMAT_BASE_MASK;
    if (code == ARCHIVE_EOF) {
      u->as_it_is = u->empty_archive = first; /* 512 zeros look like an empty tar */
      return dla_unpack_drain(u->input, u->err);
    }
    if (code != ARCHIVE_OK && code != ARCHIVE_WARN)
      return dla_unpack_failure(u->input, "its next entry", u->err);
    bool compressed = dla_unpack_is_compressed(u->input), raw = format == ARCHIVE_FORMAT_RAW;
    if ((raw && !compressed) ||
        (format == ARCHIVE_FORMAT_ZIP && !compressed && is_zip_by_another_name(u->name))) {
      u->as_it_is = true;
      return DLA_OK;
    }
    TRY(raw ? write_single(u, entry) : take_entry(u, entry));
  }
}

static dla_status unpack_into(unpacking *u)
{
  /* The folder's path has been resolved, so that a link in it does not look like an attack. */
  enum {
    FLAGS = ARCHIVE_EXTRACT_TIME | ARCHIVE_EXTRACT_SECURE_SYMLINKS |
            ARCHIVE_EXTRACT_SECURE_NODOTDOT | ARCHIVE_EXTRACT_NO_OVERWRITE
  };
  u->disk = archive_write_disk_new();
  if (!u->disk) return dla_fail_memory(u->err, "an archive");
  archive_write_disk_set_options(u->disk, FLAGS);
  dla_utf8_locale locale = dla_utf8_locale_enter();
  dla_status status = dla_unpack_open(u->path, u->name, &u->input, u->err);
  if (!status) status = take_entries(u);
  if (archive_write_close(u->disk) < ARCHIVE_WARN && !status) status = disk_failure(u, "it");
  archive_write_free(u->disk);
  dla_unpack_close(u->input);
  dla_utf8_locale_leave(locale);
  return status;
}

/* A login page, or an error with status 200, comes under the name of the wanted file. */
static dla_status check_kind(const unpacking *u)
{
  char start[4096], words[200];
  int file = open(u->path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return DLA_OK; /* copying it will report why */
  ssize_t got = read(file, start, sizeof start);
  close(file);
  size_t size = got > 0 ? (size_t)got : 0;
  bool html = dla_page_is_html(start, size);
  bool archive = dla_unpack_is_archive_name(u->name);
  if (!(html ? archive || is_zip_by_another_name(u->name) : archive && u->settings->unpack))
    return DLA_OK;
  dla_page_words(start, size, words, sizeof words);
  bool text = size && !memchr(start, '\0', size) && words[0] && !strchr(words, '?');
  return dla_fail(u->err, DLA_E_INPUT, u->name, "is it the right URL? does it want a login?",
                  "is named as an archive, but %s%s%.160s",
                  html    ? "is a web page"
                  : !size ? "is empty"
                          : "its bytes are none (--no-unpack keeps it as it is)",
                  html || text ? ": " : "", html || text ? words : "");
}

static dla_status keep_as_it_is(const unpacking *u, const char *folder)
{
  TRY(u->empty_archive ? DLA_OK : check_kind(u));
  char *path = dla_join_path(folder, u->name);
  if (!path) return dla_fail_memory(u->err, "a file name");
  dla_status status = dla_copy_file(u->path, path, u->err);
  if (!status) dla_meter_event(u->meter, DLA_STAGE_GET, path, u->size, "%s", "");
  free(path);
  return status;
}

static dla_status unpack_and_move(unpacking *u, const char *folder)
{
  dla_swept_folder *temporary = NULL;
  TRY(dla_swept_folder_make(folder, &temporary, u->err));
  u->folder = realpath(dla_swept_folder_path(temporary), NULL);
  dla_status status = u->folder ? unpack_into(u) : dla_fail_errno(u->err, folder, "look at");
  /* The bytes of all files before any gets its name: one after another, that would take minutes. */
  if (!status && !u->as_it_is) status = dla_flush_all(u->folder, u->err);
  if (!status && !u->as_it_is) status = dla_unpack_move(u->folder, folder, u->err);
  dla_swept_folder_remove(temporary);
  free(u->folder);
  return status;
}

dla_status dla_unpack(const char *path, const char *name, const char *folder,
                      const dla_stage_settings *settings, dla_meter *meter, dla_error *err)
{
  struct stat info;
  unpacking u = {.path = path, .name = name, .settings = settings, .meter = meter, .err = err};
  dla_status status = dla_make_folder(folder, err);
  if (status) return status;
  if (stat(path, &info)) return dla_fail_errno(err, path, "look at");
  u.size = (uint64_t)info.st_size;
  dla_meter_start(meter, name, 0);
  if (u.size == 0 || !settings->unpack)
    u.as_it_is = true;
  else
    status = unpack_and_move(&u, folder);
  if (status) return status;
  if (u.as_it_is) return keep_as_it_is(&u, folder);
  dla_meter_event(meter, DLA_STAGE_UNPACK, name, u.bytes, "%llu entries into %s",
                  (unsigned long long)u.entries, folder);
  return DLA_OK;
}
