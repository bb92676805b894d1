// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// The probe's calls of WASI, each with arguments that are right as far as they go.
namespace wasi_steps {

#define IMPORT(name) extern "C" __attribute__((import_module("wasi_snapshot_preview1"), import_name(#name)))

IMPORT(fd_write) uint32_t imported_fd_write(uint32_t file, const void* pieces, size_t count, size_t* written);
IMPORT(fd_read) uint32_t imported_fd_read(uint32_t file, const void* pieces, size_t count, size_t* read);
IMPORT(fd_seek) uint32_t imported_fd_seek(uint32_t file, int64_t offset, uint32_t from, uint64_t* position);
IMPORT(fd_close) uint32_t imported_fd_close(uint32_t file);
IMPORT(fd_fdstat_get) uint32_t imported_fd_fdstat_get(uint32_t file, void* status);
IMPORT(fd_fdstat_set_flags) uint32_t imported_fd_fdstat_set_flags(uint32_t file, uint32_t flags);
IMPORT(fd_prestat_get) uint32_t imported_fd_prestat_get(uint32_t file, void* status);
IMPORT(fd_prestat_dir_name) uint32_t imported_fd_prestat_dir_name(uint32_t file, char* path, size_t size);
IMPORT(environ_get) uint32_t imported_environ_get(char** entries, char* text);
IMPORT(environ_sizes_get) uint32_t imported_environ_sizes_get(size_t* count, size_t* size);
IMPORT(args_get) uint32_t imported_args_get(char** entries, char* text);
IMPORT(args_sizes_get) uint32_t imported_args_sizes_get(size_t* count, size_t* size);
IMPORT(clock_time_get) uint32_t imported_clock_time_get(uint32_t clock, int64_t precision, uint64_t* time);
IMPORT(random_get) uint32_t imported_random_get(void* buffer, size_t size);
IMPORT(sched_yield) uint32_t imported_sched_yield();
IMPORT(poll_oneoff) uint32_t imported_poll_oneoff(const void* in, void* out, size_t count, size_t* events);
IMPORT(proc_exit) void imported_proc_exit(uint32_t status);
IMPORT(path_open)
uint32_t imported_path_open(uint32_t folder, uint32_t lookup, const char* path, size_t size, uint32_t flags,
                            uint64_t rights, uint64_t inherited, uint32_t more, uint32_t* file);
IMPORT(path_filestat_get)
uint32_t imported_path_filestat_get(uint32_t folder, uint32_t lookup, const char* path, size_t size,
                                    void* status);

#undef IMPORT

inline uint32_t write(uint32_t file, std::string_view text) {
  struct {
    const char* data;
    size_t size;
  } piece{text.data(), text.size()};
  size_t written = 0;
  return imported_fd_write(file, &piece, 1, &written);
}

/// What the function answers, when all is as it should be with its arguments; proc_exit answers nothing.
inline std::string run(std::string_view name) {
  alignas(8) static char memory[256];
  size_t count = 0;
  size_t size = 0;
  uint64_t time = 0;
  uint32_t file = 0;
  if (name == "fd_write") return std::to_string(write(1, "printed\n"));
  if (name == "fd_write_error") return std::to_string(write(2, "an error\n"));
  if (name == "fd_write_file") return std::to_string(write(3, "nowhere\n"));
  if (name == "fd_read") return std::to_string(imported_fd_read(0, memory, 0, &size));
  if (name == "fd_seek") return std::to_string(imported_fd_seek(1, 0, 0, &time));
  if (name == "fd_close") return std::to_string(imported_fd_close(1));
  if (name == "fd_fdstat_get") return std::to_string(imported_fd_fdstat_get(1, memory));
  if (name == "fd_fdstat_set_flags") return std::to_string(imported_fd_fdstat_set_flags(1, 0));
  if (name == "fd_prestat_get") return std::to_string(imported_fd_prestat_get(3, memory));
  if (name == "fd_prestat_dir_name") return std::to_string(imported_fd_prestat_dir_name(3, memory, 1));
  if (name == "environ_get")
    return std::to_string(imported_environ_get(reinterpret_cast<char**>(memory), memory));
  if (name == "environ_sizes_get")
    return std::to_string(imported_environ_sizes_get(&count, &size)) + ", " + std::to_string(count);
  if (name == "args_get") return std::to_string(imported_args_get(reinterpret_cast<char**>(memory), memory));
  if (name == "args_sizes_get")
    return std::to_string(imported_args_sizes_get(&count, &size)) + ", " + std::to_string(count);
  if (name == "clock_time_get") return std::to_string(imported_clock_time_get(0, 1, &time));
  if (name == "clock_time_get_other") return std::to_string(imported_clock_time_get(2, 1, &time));
  if (name == "random_get") return std::to_string(imported_random_get(memory, sizeof(memory)));
  if (name == "random_get_many") return std::to_string(imported_random_get(memory, 65537));
  if (name == "sched_yield") return std::to_string(imported_sched_yield());
  if (name == "poll_oneoff") return std::to_string(imported_poll_oneoff(memory, memory, 0, &size));
  if (name == "path_open") return std::to_string(imported_path_open(3, 0, "a", 1, 0, 0, 0, 0, &file));
  if (name == "path_filestat_get") return std::to_string(imported_path_filestat_get(3, 0, "a", 1, memory));
  if (name == "proc_exit") {
    imported_proc_exit(1);
    return "and goes on";
  }
  return "no such function";
}

}  // namespace wasi_steps
