defmodule Acme.Weather.Gettext do
  use Gettext.Backend, otp_app: :acme_weather
end
