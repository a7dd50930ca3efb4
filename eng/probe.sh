#!/usr/bin/env bash
# Finds out which packages the machine's package source lacks and writes eng/feed.props, one property per finding.
# On a machine that reaches the whole public gallery the file holds no finding. Nothing else in the tree looks at package sources.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

version() { sed -n "s/.*PackageVersion Include=\"$1\" Version=\"\([^\"]*\)\".*/\1/p" "$root/Directory.Packages.props"; }

# restores PACKAGE: whether it and everything it needs can be had
restores() {
  local dir="$scratch/$1"
  mkdir -p "$dir"
  cp "$root/nuget.config" "$dir/"
  cat > "$dir/probe.csproj" <<XML
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
  <ItemGroup><FrameworkReference Include="Microsoft.AspNetCore.App" /><PackageReference Include="$1" Version="$(version "$1")" /></ItemGroup>
</Project>
XML
  dotnet restore "$dir/probe.csproj" >"$dir/log" 2>&1
}

echo "looking at what the package source offers"
if ! restores System.Numerics.Tensors; then
  echo "System.Numerics.Tensors does not restore, so no package source can be reached:" >&2
  tail -n 3 "$scratch/System.Numerics.Tensors/log" >&2
  exit 1
fi
for package in Confluent.Kafka Microsoft.Data.Sqlite Apache.Arrow Microsoft.Data.Analysis Microsoft.DotNet.Interactive.Formatting Microsoft.Playwright; do
  (if restores "$package"; then touch "$scratch/$package.ok"; fi) &
done
wait

findings=""
lacks() { echo "  missing: $1"; findings+="    <$2>true</$2>"$'\n'; }
[ -e "$scratch/Confluent.Kafka.ok" ] || lacks "librdkafka.redist (Confluent.Kafka's native part): the operating system's librdkafka is used" UseSystemLibrdkafka
[ -e "$scratch/Microsoft.Data.Sqlite.ok" ] || lacks "the current Microsoft.Data.Sqlite: an older one on the operating system's SQLite is used" UseSystemSqlite
{ [ -e "$scratch/Apache.Arrow.ok" ] && [ -e "$scratch/Microsoft.Data.Analysis.ok" ]; } || lacks "Apache.Arrow and Microsoft.Data.Analysis: their adapters are NOT built and their tests are skipped" WithoutArrow
[ -e "$scratch/Microsoft.DotNet.Interactive.Formatting.ok" ] || lacks "Microsoft.DotNet.Interactive.Formatting: that notebooks show reports is tested by convention only, its own test is skipped" WithoutInteractive
[ -e "$scratch/Microsoft.Playwright.ok" ] || lacks "Microsoft.Playwright: the dashboard is NOT looked at in a browser, those tests are skipped" WithoutPlaywright
if [ -n "$findings" ]; then
  # A partial source resolves some dependencies upward (NU1603), and its old SQLite parts have advisories (NU1902-NU1904).
  findings+='    <WarningsNotAsErrors>$(WarningsNotAsErrors);NU1603;NU1902;NU1903;NU1904</WarningsNotAsErrors>'$'\n'
else
  echo "  nothing is missing"
fi
printf '<Project>\n  <PropertyGroup>\n%s  </PropertyGroup>\n</Project>\n' "$findings" > "$scratch/feed.props"
mv "$scratch/feed.props" "$root/eng/feed.props"
