defmodule Acme.Weather.Plugin do
  use Tribes.Plugin.Base, otp_app: :acme_weather
end
