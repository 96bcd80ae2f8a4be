/*
 * The least that a relay can do on this kernel, for figures to be measured against: one thread, no parsing beyond the
 * WebSocket header, no filters, no limits, no safety. Items are sent on from the very bytes that were read.
 *
 *     cc -O2 -o floor floor.c
 *     ./floor PORT UPSTREAM_PORT send|batch
 *
 * send   one send per subscriber and item.
 * batch  the items of one read leave in one send per subscriber.
 *
 * It subscribes to newHeads upstream, listens once that is confirmed, and takes every text of a client for a subscribe.
 * What a slow subscriber's socket does not take is kept and sent when it can take more. It ends with its upstream.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_SUBSCRIBERS 65536
#define READ_BYTES (1 << 20)

struct connection {
    int fd;
    int is_upstream;
    int is_open;
    int is_subscribed;
    char *in;
    size_t in_bytes;
    char *out;
    size_t out_bytes;
};

static int events;
static int is_batch;
static int port;
static int is_listening;
static struct connection listener = {.fd = -1};
static struct connection *subscribers[MAX_SUBSCRIBERS];
static int subscriber_count;

static void die(const char *what) {
    perror(what);
    exit(1);
}

static void watch(struct connection *c, int operation, uint32_t what) {
    struct epoll_event event = {.events = what, .data.ptr = c};
    if (epoll_ctl(events, operation, c->fd, &event) != 0)
        die("epoll_ctl");
}

static struct connection *new_connection(int fd, int is_upstream) {
    int on = 1;
    struct connection *c = calloc(1, sizeof *c);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    c->fd = fd;
    c->is_upstream = is_upstream;
    watch(c, EPOLL_CTL_ADD, EPOLLIN);
    return c;
}

static void send_bytes(struct connection *c, const char *bytes, size_t length) {
    ssize_t sent = 0;
    if (c->out_bytes == 0) {
        sent = send(c->fd, bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent == (ssize_t)length)
            return;
        if (sent < 0)
            sent = 0;
        watch(c, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
    }
    c->out = realloc(c->out, c->out_bytes + length - sent);
    memcpy(c->out + c->out_bytes, bytes + sent, length - sent);
    c->out_bytes += length - sent;
}

static void send_kept(struct connection *c) {
    ssize_t sent = send(c->fd, c->out, c->out_bytes, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent <= 0)
        return;
    c->out_bytes -= sent;
    memmove(c->out, c->out + sent, c->out_bytes);
    if (c->out_bytes == 0)
        watch(c, EPOLL_CTL_MOD, EPOLLIN);
}

static void send_to_all(const char *bytes, size_t length) {
    for (int i = 0; i < subscriber_count; i++)
        send_bytes(subscribers[i], bytes, length);
}

static void start_listening(void) {
    int on = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    listener.fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    setsockopt(listener.fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener.fd, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener.fd, 4096) != 0)
        die("listen");
    watch(&listener, EPOLL_CTL_ADD, EPOLLIN);
    is_listening = 1;
}

static void subscribe_upstream(struct connection *c) {
    /* A mask of zeros leaves the text as it is. */
    static const char text[] =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_subscribe\",\"params\":[\"newHeads\"]}";
    char frame[6 + sizeof text - 1] = {(char)0x81, (char)(0x80 | (sizeof text - 1))};
    memcpy(frame + 6, text, sizeof text - 1);
    send_bytes(c, frame, sizeof frame);
}

/* Returns the bytes of the HTTP head, or 0 if it is not complete. */
static size_t take_head(struct connection *c) {
    char *end = memmem(c->in, c->in_bytes, "\r\n\r\n", 4);
    if (end == NULL)
        return 0;
    c->is_open = 1;
    if (c->is_upstream) {
        subscribe_upstream(c);
    } else {
        /* Right for the one key that the load client sends, which does not look at it. */
        static const char answer[] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
        send_bytes(c, answer, sizeof answer - 1);
    }
    return end + 4 - c->in;
}

/* A whole frame; its text is what follows the header. */
static void on_text(struct connection *c, const char *text, size_t length) {
    if (c->is_upstream) {
        if (!is_listening)
            start_listening();
    } else if (!c->is_subscribed && subscriber_count < MAX_SUBSCRIBERS && length > 0 && text != NULL) {
        static const char answer[] = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"0xcd0c3e8af590364c\"}";
        char frame[2 + sizeof answer - 1] = {(char)0x81, (char)(sizeof answer - 1)};
        memcpy(frame + 2, answer, sizeof answer - 1);
        send_bytes(c, frame, sizeof frame);
        c->is_subscribed = 1;
        subscribers[subscriber_count++] = c;
    }
}

/* Returns how many bytes are done with: whole frames only. */
static size_t take_frames(struct connection *c, size_t from) {
    size_t at = from, block = from;
    while (c->in_bytes - at >= 2) {
        const unsigned char *frame = (unsigned char *)c->in + at;
        size_t length = frame[1] & 0x7F, header = 2 + (frame[1] & 0x80 ? 4 : 0);
        if (length == 126) {
            if (c->in_bytes - at < 4)
                break;
            length = frame[2] << 8 | frame[3];
            header += 2;
        } else if (length == 127) {
            if (c->in_bytes - at < 10)
                break;
            length = 0;
            for (int i = 2; i < 10; i++)
                length = length << 8 | frame[i];
            header += 8;
        }
        if (c->in_bytes - at < header + length)
            break;
        if (c->is_upstream && is_listening) {
            if (!is_batch)
                send_to_all(c->in + at, header + length);
        } else {
            on_text(c, c->in + at + header, length);
            block = at + header + length;
        }
        at += header + length;
    }
    if (is_batch && c->is_upstream && at > block)
        send_to_all(c->in + block, at - block);
    return at;
}

static void end(struct connection *c) {
    if (c->is_upstream)
        exit(0);
    for (int i = 0; i < subscriber_count; i++)
        if (subscribers[i] == c)
            subscribers[i] = subscribers[--subscriber_count];
    close(c->fd);
    free(c->in);
    free(c->out);
    free(c);
}

static void on_readable(struct connection *c) {
    static char buffer[READ_BYTES];
    char *kept = c->in;
    size_t kept_bytes = c->in_bytes, done = 0;
    memcpy(buffer, kept, kept_bytes);
    ssize_t got = recv(c->fd, buffer + kept_bytes, READ_BYTES - kept_bytes, MSG_DONTWAIT);
    if (got <= 0) {
        if (got == 0 || errno != EAGAIN)
            end(c);
        return;
    }
    /* Frames are looked at where they were read; only the beginning of one that is not complete is kept. */
    c->in = buffer;
    c->in_bytes = kept_bytes + got;
    if (!c->is_open)
        done = take_head(c);
    if (c->is_open)
        done = take_frames(c, done);
    c->in_bytes -= done;
    c->in = c->in_bytes > 0 ? realloc(kept, c->in_bytes) : kept;
    memcpy(c->in, buffer + done, c->in_bytes);
}

static void on_acceptable(void) {
    int fd;
    while ((fd = accept4(listener.fd, NULL, NULL, SOCK_NONBLOCK)) >= 0)
        new_connection(fd, 0);
}

int main(int count, char **arguments) {
    if (count != 4) {
        fprintf(stderr, "usage: %s PORT UPSTREAM_PORT send|batch\n", arguments[0]);
        return 2;
    }
    port = atoi(arguments[1]);
    is_batch = strcmp(arguments[3], "batch") == 0;
    signal(SIGPIPE, SIG_IGN);
    events = epoll_create1(0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(arguments[2]))};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0)
        die("connect");
    static const char request[] = "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
    send_bytes(new_connection(fd, 1), request, sizeof request - 1);
    for (;;) {
        struct epoll_event ready[256];
        int ready_count = epoll_wait(events, ready, 256, -1);
        for (int i = 0; i < ready_count; i++) {
            struct connection *c = ready[i].data.ptr;
            if (c == &listener)
                on_acceptable();
            else if (ready[i].events & EPOLLOUT)
                send_kept(c);
            else
                on_readable(c);
        }
    }
}
