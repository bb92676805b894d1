// SPDX-License-Identifier: MIT
#pragma once

namespace wasmup::os {

/// Catches SIGINT, SIGTERM, SIGHUP and SIGPIPE (our reader has gone) from construction on, so that
/// destructors run and children end with us: every wait in the program is bounded and looks at requested().
/// A second one of the first three, a moment later, ends the program at once with status 130, whatever it
/// does; its children get SIGTERM from the system, and temporary folders stay. Signals that we were started
/// to ignore (nohup) stay ignored. One at a time may live.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  static bool requested();
  /// Readable once requested() holds, for poll; -1 while no Interrupt lives.
  static int wake_descriptor();
};

}  // namespace wasmup::os
