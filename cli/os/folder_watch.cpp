// SPDX-License-Identifier: MIT
#include "folder_watch.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <sys/inotify.h>
#include <unistd.h>
#include <utility>

#include "descriptor.hpp"

namespace wasmup::os {
namespace {

class Inotify : public FolderWatch {
 public:
  Inotify(Descriptor descriptor, NamePredicate matters)
      : descriptor_(std::move(descriptor)), matters_(std::move(matters)) {}

  bool changed() override {
    bool found = false;
    alignas(inotify_event) std::array<char, 4096> events;
    for (;;) {
      const ssize_t size = ::read(descriptor_.get(), events.data(), events.size());
      if (size <= 0) return found;
      for (ssize_t at = 0; at < size;) {
        inotify_event event;
        std::memcpy(&event, events.data() + at, sizeof(event));
        const char* const name = events.data() + at + sizeof(event);
        // Too many at once to be told one by one: something will have been of interest.
        found = found || (event.mask & IN_Q_OVERFLOW) != 0 || (event.len != 0 && matters_(name));
        at += static_cast<ssize_t>(sizeof(event) + event.len);
      }
    }
  }

 private:
  Descriptor descriptor_;
  NamePredicate matters_;
};

}  // namespace

Expected<std::unique_ptr<FolderWatch>> watch_folder(const std::filesystem::path& folder,
                                                    NamePredicate matters) {
  Descriptor descriptor(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
  constexpr uint32_t events = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE;
  if (descriptor.get() < 0 || ::inotify_add_watch(descriptor.get(), folder.c_str(), events) < 0) {
    return std::unexpected(
        Error{ExitCode::environment, "cannot watch " + folder.string(), std::strerror(errno), ""});
  }
  return std::make_unique<Inotify>(std::move(descriptor), std::move(matters));
}

}  // namespace wasmup::os
