#include <config.h> /* accept4 */

#include "report/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/try.h"
#include "report/html.h"
#include "report/http.h"
#include "report/page.h"
#include "report/runs_page.h"
#include "report/sweep_page.h"

enum { CONNECTIONS = 32, POLL_MS = 200, LONGEST = 20 /* seconds, of a connection */, PAUSE = 1 };

typedef struct connection {
  int fd; /* -1: free */
  double since;
  char head[DLA_HTTP_HEAD + 1];
  size_t read;
  dla_strbuf answer; /* empty: the request is not complete */
  size_t sent;
} connection;

typedef struct server {
  const dla_report_server *options;
  int fd, port;
  dla_run_set *set;
  connection *connection;
  double accept_at; /* when to look for new connections again, on dla_clock() */
} server;

/* ---- Pages ---- */

static dla_status make_empty(const server *s, dla_strbuf *page, dla_error *err)
{
  TRY(dla_page_begin(page, s->set->name, "There is no run here yet.", true, err));
  dla_page_end(page);
  return DLA_OK;
}

/* The page of a sweep, or of a few runs with links to their pages. */
static dla_status make_overview(const server *s, dla_strbuf *page, dla_error *err)
{
  enum { COMPARED = 8 };
  char *links[COMPARED] = {NULL};
  const dla_run_set *set = s->set;
  if (!set->count) return make_empty(s, page, err);
  if (set->sweep || set->count > COMPARED) return dla_sweep_page(set, DLA_LINK_SERVER, page, err);
  dla_status status = DLA_OK;
  for (size_t i = 0; i < set->count; i++) {
    dla_strbuf link = {0};
    dla_strbuf_printf(&link, "/run/");
    dla_html_path(&link, set->run[i]->name);
    links[i] = link.text;
    if (link.failed) status = dla_fail_memory(err, "a link");
  }
  if (!status)
    status = dla_runs_page(set->run, set->count, (const char *const *)links, true, page, err);
  for (size_t i = 0; i < COMPARED; i++)
    free(links[i]);
  return status;
}

/* *code becomes 404 if there is no such page. */
static dla_status make_page(const server *s, const char *path, int *code, dla_strbuf *page,
                            dla_error *err)
{
  static const char prefix[] = "/run/";
  TRY(dla_run_set_update(s->set, err));
  if (strcmp(path, "/") == 0) return make_overview(s, page, err);
  if (strncmp(path, prefix, sizeof prefix - 1) == 0)
    for (size_t i = 0; i < s->set->count; i++)
      if (strcmp(s->set->run[i]->name, path + sizeof prefix - 1) == 0)
        return dla_run_page(s->set->run[i], true, page, err);
  *code = 404;
  return DLA_OK;
}

/* A page that fails becomes an answer with an error status; the server goes on. */
static void answer(const server *s, connection *c)
{
  dla_browser_request *request = malloc(sizeof *request);
  dla_strbuf page = {0};
  dla_error ignored = {0};
  if (request) {
    int code = dla_browser_parse(c->head, request);
    if (!code && !dla_browser_is_local(request->host, s->port)) code = 403;
    if (!code) {
      code = 200;
      if (make_page(s, request->path, &code, &page, &ignored)) code = 500;
    }
    dla_browser_answer(request, code, &page, &c->answer, &ignored);
  }
  dla_strbuf_free(&page);
  free(request);
}

/* ---- Connections ---- */

static void drop(connection *c)
{
  if (c->fd >= 0) close(c->fd);
  dla_strbuf_free(&c->answer);
  c->fd = -1;
  c->read = c->sent = 0;
}

static bool would_block(void)
{
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

static void send_more(connection *c)
{
  const ssize_t count = send(c->fd, c->answer.text + c->sent, c->answer.length - c->sent,
                             MSG_NOSIGNAL | MSG_DONTWAIT);
  if (count > 0) c->sent += (size_t)count;
  if ((count < 0 && !would_block()) || c->sent == c->answer.length) drop(c);
}

static void read_more(const server *s, connection *c)
{
  const ssize_t count = recv(c->fd, c->head + c->read, DLA_HTTP_HEAD - c->read, MSG_DONTWAIT);
  if (count < 0 && would_block()) return;
  if (count > 0) c->read += (size_t)count;
  c->head[c->read] = '\0';
  if (count > 0 && !dla_browser_is_whole(c->head) && c->read < DLA_HTTP_HEAD) return;
  if (count > 0 && dla_browser_is_whole(c->head)) answer(s, c);
  if (!c->answer.length || c->answer.failed)
    drop(c); /* closed, too long, or no memory */
  else
    send_more(c);
}

/* NULL: all are busy. */
static connection *find_room(const server *s)
{
  for (int i = 0; i < CONNECTIONS; i++)
    if (s->connection[i].fd < 0) return &s->connection[i];
  return NULL;
}

/* Whether to look for a new connection. One that cannot be taken stays ready, and poll() would
 * return at once again and again. */
static bool may_accept(const server *s)
{
  return find_room(s) && dla_clock() >= s->accept_at;
}

static void accept_one(server *s)
{
  connection *room = find_room(s);
  if (!room) return;
  room->fd = accept4(s->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
  room->since = dla_clock();
  const bool passes = would_block() || errno == ECONNABORTED;
  if (room->fd < 0 && !passes) s->accept_at = room->since + PAUSE; /* no descriptors are left */
}

static void drop_old(const server *s)
{
  for (int i = 0; i < CONNECTIONS; i++) {
    connection *c = &s->connection[i];
    if (c->fd >= 0 && dla_clock() - c->since > LONGEST) drop(c);
  }
}

/* Looks at all connections once. The listener is the last. */
static void turn(server *s)
{
  struct pollfd polled[CONNECTIONS + 1];
  for (int i = 0; i < CONNECTIONS; i++) {
    const connection *c = &s->connection[i];
    polled[i] = (struct pollfd){c->fd, c->answer.length ? POLLOUT : POLLIN, 0};
  }
  polled[CONNECTIONS] = (struct pollfd){may_accept(s) ? s->fd : -1, POLLIN, 0};
  if (poll(polled, CONNECTIONS + 1, POLL_MS) < 0) return;
  for (int i = 0; i < CONNECTIONS; i++) {
    if (!polled[i].revents || s->connection[i].fd < 0) continue;
    if (s->connection[i].answer.length)
      send_more(&s->connection[i]);
    else
      read_more(s, &s->connection[i]);
  }
  if (polled[CONNECTIONS].revents) accept_one(s);
  drop_old(s);
}

/* ---- Listening ---- */

static dla_status listen_on(server *s, dla_error *err)
{
  const int on = 1;
  char where[32];
  struct sockaddr_in address = {.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)s->options->port),
                                .sin_addr = {htonl(INADDR_LOOPBACK)}};
  socklen_t length = sizeof address;
  snprintf(where, sizeof where, "127.0.0.1:%d", s->options->port);
  s->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (s->fd < 0) return dla_fail_errno(err, where, "make a socket");
  setsockopt(s->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(s->fd, (struct sockaddr *)&address, sizeof address) || listen(s->fd, CONNECTIONS))
    return dla_fail(err, DLA_E_INPUT, where, "give another --port, or 0 for any that is free",
                    "cannot listen: %s", strerror(errno));
  if (getsockname(s->fd, (struct sockaddr *)&address, &length))
    return dla_fail_errno(err, where, "look at a socket");
  s->port = ntohs(address.sin_port);
  return DLA_OK;
}

static void tell_address(const server *s)
{
  char address[64];
  snprintf(address, sizeof address, "http://127.0.0.1:%d/", s->port);
  if (s->options->listening) s->options->listening(s->options->context, address);
}

dla_status dla_report_serve(const dla_report_server *options, dla_error *err)
{
  server s = {.options = options, .fd = -1};
  dla_status status = dla_run_set_open(options->folder, &s.set, err);
  s.connection = calloc(CONNECTIONS, sizeof *s.connection);
  if (!status && !s.connection) status = dla_fail_memory(err, "connections");
  for (int i = 0; s.connection && i < CONNECTIONS; i++)
    s.connection[i].fd = -1;
  if (!status) status = listen_on(&s, err);
  if (!status) tell_address(&s);
  while (!status && !dla_stop_requested(&options->stop))
    turn(&s);
  for (int i = 0; s.connection && i < CONNECTIONS; i++)
    drop(&s.connection[i]);
  if (s.fd >= 0) close(s.fd);
  free(s.connection);
  dla_run_set_free(s.set);
  return status;
}
