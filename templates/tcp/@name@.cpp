#include <cstdint>
#include <string>

#include <wasmup/wasmup.hpp>

/// Counts the bytes of each connection, in both directions, and says how many there were when it ends.
struct @Type@ : wasmup::TcpFilter<> {
  wasmup::DataAction on_downstream_data(wasmup::DownstreamData data, bool) {
    to_upstream_ += data.size();
    return wasmup::DataAction::continue_iteration;
  }

  wasmup::DataAction on_upstream_data(wasmup::UpstreamData data, bool) {
    to_client_ += data.size();
    return wasmup::DataAction::continue_iteration;
  }

  void on_downstream_close(wasmup::PeerType) {
    wasmup::log::info(wasmup::Decimal(to_upstream_).view(), " bytes to the upstream, ",
                      wasmup::Decimal(to_client_).view(), " from it");
  }

 private:
  uint64_t to_upstream_ = 0;
  uint64_t to_client_ = 0;
};

WASMUP_REGISTER(@Type@)
