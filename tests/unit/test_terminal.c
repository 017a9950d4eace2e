/* What training shows on a terminal: cli/status_line.h and cli/curve.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <math.h>

#include <cmocka.h>

#include "base/column.h"
#include "base/utf8.h"
#include "cli/curve.h"
#include "cli/progress.h"
#include "cli/show_evaluation.h"
#include "cli/status_line.h"

static const dla_progress progress = {.epoch = 3,
                                      .epochs = 12,
                                      .batch = 120,
                                      .batches = 352,
                                      .first_batch = 20,
                                      .started = 100,
                                      .loss = 1.23456,
                                      .accuracy = 0.5678,
                                      .lr = 0.1,
                                      .images_per_second = 148.24};

static void write_line(const dla_progress *p, int columns, bool colour, char *text, size_t size)
{
  const dla_status_line how = {110, 1234567890, columns, colour};
  dla_strbuf out = {0};
  dla_status_line_write(p, &how, &out);
  assert_in_range(out.length, 0, size - 1);
  snprintf(text, size, "%s", dla_strbuf_text(&out));
  dla_strbuf_free(&out);
}

static void a_line_fits_every_terminal(void **state)
{
  (void)state;
  char text[512];
  const dla_progress huge = {1000000, 1000000, 99999999, 99999999, 0, 0, 1e30, 1, 1e-300, 1e9};
  for (int columns = 1; columns <= 300; columns++) {
    write_line(&progress, columns, false, text, sizeof text);
    assert_true((int)strlen(text) < columns || !*text);
    if (columns >= 40) assert_non_null(strstr(text, "epoch 3/12"));
    if (columns >= 40) assert_non_null(strstr(text, "acc 56.78%"));
    write_line(&huge, columns, false, text, sizeof text);
    assert_true((int)strlen(text) < columns || !*text);
  }
}

static void a_wide_line_has_everything(void **state)
{
  (void)state;
  char text[512];
  write_line(&progress, 40, false, text, sizeof text);
  assert_string_equal(text, "epoch 3/12  loss 1.2346  acc 56.78%");
  write_line(&progress, 80, false, text, sizeof text);
  assert_string_equal(
      text, "epoch 3/12  120/352  loss 1.2346  acc 56.78%  148.2 images/s  ETA 5:40  1.2 GB");
  write_line(&progress, 120, false, text, sizeof text);
  assert_string_equal(text,
                      "epoch 3/12  [#########....................]  120/352  loss 1.2346  acc "
                      "56.78%  148.2 images/s  lr 0.1  ETA 5:40  1.2 GB");
}

static void colour_changes_no_character(void **state)
{
  (void)state;
  char plain[512], coloured[512], bare[512];
  size_t n = 0;
  write_line(&progress, 140, false, plain, sizeof plain);
  write_line(&progress, 140, true, coloured, sizeof coloured);
  for (const char *c = coloured; *c; c++) {
    if (*c == '\033')
      while (*c != 'm')
        c++;
    else
      bare[n++] = *c;
  }
  bare[n] = '\0';
  assert_string_equal(plain, bare);
  assert_string_not_equal(plain, coloured);
}

static void check_curve(const double *values, int count, int columns, bool braille,
                        const char *expected)
{
  dla_strbuf out = {0};
  dla_curve_write(values, count, columns, braille, &out);
  assert_string_equal(dla_strbuf_text(&out), expected);
  dla_strbuf_free(&out);
}

static void curves_are_drawn(void **state)
{
  (void)state;
  const double rising[] = {0.5, 0.6, 0.7, 0.8, 0.9}, flat[] = {0.25, 0.25};
  const double gap[] = {0, NAN, NAN, 1}, none[] = {NAN, NAN};
  check_curve(rising, 5, 13, false,
              " 90.00%     *\n           * \n          *  \n         *   \n 50.00% *    \n");
  check_curve(rising, 5, 10, true,
              " 90.00% \u2800\u28b8\n        \u2800\u285c\n        \u2800\u2847\n"
              "        \u28b0\u2801\n 50.00% \u2878\u2800\n");
  check_curve(flat, 2, 11, false,
              " 25.00%    \n           \n           \n           \n 25.00% ***\n");
  check_curve(gap, 4, 12, false,
              "100.00%    *\n            \n            \n            \n  0.00% *   \n");
  check_curve(none, 2, 12, false, "");
  check_curve(rising, 5, 8, false, "");
  check_curve(rising, 5, -1, true, "");
}

static void the_first_locale_that_is_set_counts(void **state)
{
  (void)state;
  unsetenv("LC_ALL");
  unsetenv("LC_CTYPE");
  setenv("LANG", "de_DE.UTF-8@euro", 1);
  assert_true(dla_locale_is_utf8());
  setenv("LC_CTYPE", "C.utf8", 1);
  assert_true(dla_locale_is_utf8());
  setenv("LC_ALL", "C", 1);
  assert_false(dla_locale_is_utf8());
}

/* What a server answers, or a key, may hold sequences that a terminal obeys. */
static void foreign_bytes_stay_text(void **state)
{
  (void)state;
  char said[64] = "";
  FILE *file = tmpfile();
  const int before = dup(STDERR_FILENO);
  assert_true(file && before >= 0 && dup2(fileno(file), STDERR_FILENO) >= 0);
  dla_cli_say(&(dla_cli_progress){.level = DLA_LOG_INFO}, "%s: %s", "name\n", "\033]0;title\a");
  fflush(stderr);
  assert_int_equal(dup2(before, STDERR_FILENO), STDERR_FILENO);
  rewind(file);
  assert_non_null(fgets(said, sizeof said, file));
  assert_string_equal(said, "name?: ?]0;title?\n");
  fclose(file);
  close(before);
}

static void columns_count_cells_and_not_bytes(void **state)
{
  (void)state;
  assert_int_equal(dla_column_width("rose"), 4);
  assert_int_equal(dla_column_width("G\xc3\xa4nse"), 5);  /* one character */
  assert_int_equal(dla_column_width("Ga\xcc\x88nse"), 5); /* a, and an accent over it */
  assert_int_equal(dla_column_width("\xe8\x8a\xb1"), 2);  /* flower, in Chinese */
  assert_int_equal(dla_column_width("a\xff\xc3"), 3);     /* no UTF-8 */
  dla_strbuf out = {0};
  dla_column(&out, "\xc3\xa4", 3);
  dla_column(&out, "long", 2);
  assert_string_equal(dla_strbuf_text(&out), "\xc3\xa4  long");
  dla_strbuf_free(&out);
}

/* A name is cut between two characters. */
static void long_class_names_stay_utf8(void **state)
{
  (void)state;
  char *names[] = {"an odd one, and then \xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"};
  const dla_dataset dataset = {.classes = 1, .class_names = names};
  char shown[32];
  dla_show_class_name(&dataset, 0, shown);
  assert_true(dla_utf8_valid(shown) && strlen(shown) >= 30 && strlen(shown) < 32);
  names[0] =
      "x\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"
      "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4";
  dla_show_class_name(&dataset, 0, shown);
  assert_true(dla_utf8_valid(shown) && strlen(shown) == 31);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_line_fits_every_terminal),
      cmocka_unit_test(a_wide_line_has_everything),
      cmocka_unit_test(colour_changes_no_character),
      cmocka_unit_test(curves_are_drawn),
      cmocka_unit_test(foreign_bytes_stay_text),
      cmocka_unit_test(columns_count_cells_and_not_bytes),
      cmocka_unit_test(long_class_names_stay_utf8),
      cmocka_unit_test(the_first_locale_that_is_set_counts),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
