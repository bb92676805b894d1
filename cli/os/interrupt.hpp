// SPDX-License-Identifier: MIT
#pragma once

namespace wasmup::os {

/// Catches SIGINT, SIGTERM, SIGHUP and SIGPIPE (our reader has gone) from construction on, so that
/// destructors run and children end with us. A second SIGINT is not needed: every wait in the program is
/// bounded and looks at requested(). Signals that we were started to ignore (nohup) stay ignored. One at a
/// time may live.
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
