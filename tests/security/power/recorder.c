/* Records what a program does to the files of one directory, so that a test can cut the power anywhere in between.
 *
 * Preloaded (LD_PRELOAD); RECORD_DIRECTORY is the directory, RECORD_TO the file that receives the record. Each record:
 * kind (1 byte), inode (8), position or size (8), length of the text (4), length of the data (4), text, data.
 * Kinds: C created, W written, T truncated, F file synced, D directory synced, R renamed (old name NUL new name),
 * U unlinked. Every record is one write with O_APPEND, so that a killed program leaves no half of one but the last.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#undef open64
#undef openat64
#undef pwrite64
#undef ftruncate64

#define DESCRIPTORS 4096
#define REAL(name, type, ...) \
    static type (*real)(__VA_ARGS__); \
    if (!real) real = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

enum { FOREIGN, FILE_OF_OURS, DIRECTORY_OF_OURS };

static char watched[DESCRIPTORS];
static int record_to = -1;

static const char *directory(void) {
    static const char *name;
    if (!name) name = getenv("RECORD_DIRECTORY");
    return name ? name : "";
}

static ssize_t plain_writev(int fd, const struct iovec *parts, int count) {
    REAL("writev", ssize_t, int, const struct iovec *, int);
    return real(fd, parts, count);
}

static int plain_open(const char *path, int flags, mode_t mode) {
    REAL("open", int, const char *, int, ...);
    return real(path, flags, mode);
}

static void record(char kind, int fd, uint64_t position, const char *text, uint32_t text_length, const void *data,
                   uint32_t data_length) {
    struct stat status;
    uint64_t inode = fd >= 0 && fstat(fd, &status) == 0 ? (uint64_t)status.st_ino : 0;
    if (record_to < 0) {
        const char *name = getenv("RECORD_TO");
        if (!name) return;
        record_to = plain_open(name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    }
    struct iovec parts[] = {{&kind, 1},           {&inode, 8},        {&position, 8},          {&text_length, 4},
                            {&data_length, 4},    {(void *)text, text_length}, {(void *)data, data_length}};
    if (plain_writev(record_to, parts, 7) < 0) abort();
}

static int ours(const char *path) {
    size_t length = strlen(directory());
    return length && strncmp(path, directory(), length) == 0 && path[length] == '/';
}

static int is_watched(int fd, char what) { return fd >= 0 && fd < DESCRIPTORS && watched[fd] == what; }

static int opened(int fd, const char *path, int flags, int existed) {
    if (fd < 0 || fd >= DESCRIPTORS) return fd;
    watched[fd] = ours(path) ? FILE_OF_OURS : strcmp(path, directory()) == 0 ? DIRECTORY_OF_OURS : FOREIGN;
    if (watched[fd] == FILE_OF_OURS) {
        if (!existed)
            record('C', fd, 0, path, (uint32_t)strlen(path), "", 0);
        else if (flags & O_TRUNC)
            record('T', fd, 0, "", 0, "", 0);
    }
    return fd;
}

#define OPENS(name) \
    int name(const char *path, int flags, ...) { \
        va_list arguments; \
        va_start(arguments, flags); \
        mode_t mode = va_arg(arguments, mode_t); \
        va_end(arguments); \
        int existed = access(path, F_OK) == 0; \
        return opened(plain_open(path, flags, mode), path, flags, existed); \
    }
OPENS(open)
OPENS(open64)

#define OPENS_AT(name) \
    int name(int at, const char *path, int flags, ...) { \
        REAL("openat", int, int, const char *, int, ...); \
        va_list arguments; \
        va_start(arguments, flags); \
        mode_t mode = va_arg(arguments, mode_t); \
        va_end(arguments); \
        int existed = faccessat(at, path, F_OK, 0) == 0; \
        return opened(real(at, path, flags, mode), path, flags, existed); \
    }
OPENS_AT(openat)
OPENS_AT(openat64)

int close(int fd) {
    REAL("close", int, int);
    if (fd >= 0 && fd < DESCRIPTORS) watched[fd] = FOREIGN;
    return real(fd);
}

ssize_t write(int fd, const void *data, size_t length) {
    REAL("write", ssize_t, int, const void *, size_t);
    ssize_t written = real(fd, data, length);
    if (written > 0 && is_watched(fd, FILE_OF_OURS))
        record('W', fd, (uint64_t)lseek(fd, 0, SEEK_CUR) - (uint64_t)written, "", 0, data, (uint32_t)written);
    return written;
}

#define PWRITES(name) \
    ssize_t name(int fd, const void *data, size_t length, off_t position) { \
        REAL("pwrite", ssize_t, int, const void *, size_t, off_t); \
        ssize_t written = real(fd, data, length, position); \
        if (written > 0 && is_watched(fd, FILE_OF_OURS)) \
            record('W', fd, (uint64_t)position, "", 0, data, (uint32_t)written); \
        return written; \
    }
PWRITES(pwrite)
PWRITES(pwrite64)

#define TRUNCATES(name) \
    int name(int fd, off_t size) { \
        REAL("ftruncate", int, int, off_t); \
        int result = real(fd, size); \
        if (result == 0 && is_watched(fd, FILE_OF_OURS)) record('T', fd, (uint64_t)size, "", 0, "", 0); \
        return result; \
    }
TRUNCATES(ftruncate)
TRUNCATES(ftruncate64)

#define SYNCS(name) \
    int name(int fd) { \
        REAL(#name, int, int); \
        int result = real(fd); \
        if (result == 0 && is_watched(fd, FILE_OF_OURS)) record('F', fd, 0, "", 0, "", 0); \
        if (result == 0 && is_watched(fd, DIRECTORY_OF_OURS)) record('D', fd, 0, "", 0, "", 0); \
        return result; \
    }
SYNCS(fsync)
SYNCS(fdatasync)

int rename(const char *old, const char *new) {
    REAL("rename", int, const char *, const char *);
    int result = real(old, new);
    if (result == 0 && ours(old)) {
        char names[2 * PATH_MAX];
        int length = snprintf(names, sizeof names, "%s%c%s", old, 0, new);
        record('R', -1, 0, names, (uint32_t)length, "", 0);
    }
    return result;
}

int unlink(const char *path) {
    REAL("unlink", int, const char *);
    int result = real(path);
    if (result == 0 && ours(path)) record('U', -1, 0, path, (uint32_t)strlen(path), "", 0);
    return result;
}
