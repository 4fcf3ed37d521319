#!/bin/sh
# From the folder that `pyinstaller build.spec` made: a .deb, and one archive for every other Linux. No AppImage: what
# starts one is in no package of Debian. Zstandard unpacks in seconds, which xz takes half a minute for.
# make_packages.sh dist/musika-daw OUT
set -eu
bundle=$1
out=$2
here=$(cd "$(dirname "$0")" && pwd)
version=$("$bundle/musika-daw" --version | cut -d' ' -f2)
arch=$(dpkg --print-architecture)
mkdir -p "$out"
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

# What is in the bundle asks for the C library of the machine that it was built on.
glibc=$(find "$bundle" -name '*.so*' -type f -exec objdump -T {} + 2>/dev/null |
    grep -o 'GLIBC_[0-9.]*' | sort -uV | tail -1 | cut -d_ -f2)

mkdir -p "$root/DEBIAN" "$root/opt" "$root/usr/bin" "$root/usr/share/applications" \
    "$root/usr/share/icons/hicolor/scalable/apps" "$root/usr/share/doc/musika-daw"
cp -a "$bundle" "$root/opt/musika-daw"
ln -s ../../opt/musika-daw/musika-daw "$root/usr/bin/musika-daw"
cp "$here/musika-daw.desktop" "$root/usr/share/applications/"
cp "$here/../../musika_daw/panel/qml/icon.svg" "$root/usr/share/icons/hicolor/scalable/apps/musika-daw.svg"
cp "$bundle/NOTICE" "$root/usr/share/doc/musika-daw/copyright"
cat > "$root/DEBIAN/control" <<EOF
Package: musika-daw
Version: $version
Architecture: $arch
Maintainer: Musika DAW <musika-daw@localhost>
Section: sound
Priority: optional
Installed-Size: $(du -sk "$root/opt" | cut -f1)
Depends: libc6 (>= $glibc), libegl1, libgl1, libxcb1, fonts-dejavu-core
Recommends: jackd2 | pipewire-jack
Description: endless techno stems on the grid of your song
 A generator that plays in the band: drums, bass, chords and lead from trained
 networks, in time with the DAW, as takes in its project folder.
EOF
chmod 755 "$root"
chmod -R go-w "$root"
dpkg-deb --root-owner-group -Zzstd -z12 --build "$root" "$out/musika-daw_${version}_$arch.deb"
tar -C "$(dirname "$bundle")" -c "$(basename "$bundle")" |
    zstd -q -12 -T0 -f -o "$out/musika-daw-$version-linux-$(uname -m).tar.zst"
ls -l "$out"
