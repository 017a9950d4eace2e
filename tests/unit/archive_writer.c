#include "archive_writer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <archive.h>
#include <archive_entry.h>
#include <cmocka.h>

#include "base/utf8_locale.h"

static int is_file(const archive_member *m)
{
  return m->type == 'f' || m->type == 'b';
}

static size_t size_of(const archive_member *m)
{
  return m->content && m->type == 'f' ? strlen(m->content) : m->size;
}

static void set_type(struct archive_entry *entry, const archive_member *m)
{
  archive_entry_set_perm(entry, 0644);
  archive_entry_set_filetype(entry, m->type == 'd'   ? AE_IFDIR
                                    : m->type == 's' ? AE_IFLNK
                                    : m->type == 'p' ? AE_IFIFO
                                                     : AE_IFREG);
  if (m->type == 's') archive_entry_copy_symlink(entry, m->content);
  if (m->type == 'h') archive_entry_copy_hardlink(entry, m->content);
  if (is_file(m)) archive_entry_set_size(entry, (int64_t)size_of(m));
}

static void write_content(struct archive *a, const archive_member *m)
{
  static const char zeros[1 << 16];
  if (m->content) {
    assert_int_equal(archive_write_data(a, m->content, size_of(m)), size_of(m));
    return;
  }
  for (size_t left = m->size, count; left; left -= count) {
    count = left < sizeof zeros ? left : sizeof zeros;
    assert_int_equal(archive_write_data(a, zeros, count), count);
  }
}

int archive_write(const char *path, const char *format, const char *filter,
                  const archive_member *members)
{
  dla_utf8_locale locale = dla_utf8_locale_enter();
  struct archive *a = archive_write_new();
  assert_non_null(a);
  int there =
      archive_write_set_format_by_name(a, format) == ARCHIVE_OK &&
      (strcmp(filter, "none") == 0 || archive_write_add_filter_by_name(a, filter) == ARCHIVE_OK);
  if (there) assert_int_equal(archive_write_open_filename(a, path), ARCHIVE_OK);
  for (const archive_member *m = members; there && m->name; m++) {
    struct archive_entry *entry = archive_entry_new();
    archive_entry_copy_pathname(entry, m->name);
    set_type(entry, m);
    assert_true(archive_write_header(a, entry) >= ARCHIVE_WARN);
    if (is_file(m)) write_content(a, m);
    archive_entry_free(entry);
  }
  if (there) assert_int_equal(archive_write_close(a), ARCHIVE_OK);
  archive_write_free(a);
  dla_utf8_locale_leave(locale);
  return there;
}
