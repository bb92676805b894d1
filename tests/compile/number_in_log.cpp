// SPDX-License-Identifier: MIT
// expect: a log line is put together from text: wasmup::Decimal\(number\) makes text of a number
#include <wasmup/wasmup.hpp>

#ifdef WRONG
void show(int number) { wasmup::log::info("bytes: ", number); }
#else
void show(int number) { wasmup::log::info("bytes: ", wasmup::Decimal(number)); }
#endif
