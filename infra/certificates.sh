#!/bin/bash
# Makes and renews the private CA of an installation and its services' certificates, by openssl.
# Invariant 5: Terraform runs this script, so that no key enters its state.
#   infra/certificates.sh make DIR SERVICE=NAME,NAME…
#       makes the CA if there is none, and a certificate for each service that has none with these
#       names, signed by this CA and valid for 30 more days. That of a node with the name of its kind
#       (cassandra-1=cassandra,…) also serves as a client's: the nodes of a cluster verify each other
#   infra/certificates.sh renew DIR
#       replaces certificates that expire within 30 days; their names stay
# Prints the name of each file that it wrote. Files in DIR: ca (certificate), ca-key (only its owner
# reads it, and no container mounts it), tls-SERVICE (key and certificate, so that both change at
# once). A file that exists keeps its inode, since containers mount it.
set -euo pipefail
umask 077

readonly ca_days=3650 days=397 renew_s=$((30 * 24 * 3600))
readonly key=(-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes)

usage() {
    sed -n '2,14s/^# //p' "$0"
    exit "${1:-2}"
}

write() { # FILE MODE: its content from stdin
    local file=$1 mode=$2 content
    content=$(cat)
    if [[ -e $file ]]; then
        chmod u+w "$file"
        printf '%s\n' "$content" >"$file"
    else # renamed when complete: an interrupted run leaves no partial file
        printf '%s\n' "$content" >"$file.draft"
        mv "$file.draft" "$file"
    fi
    chmod "$mode" "$file"
    basename "$file"
}

config() { # NAME LINE…: of a request for the subject NAME, with these extensions
    printf '[req]\nprompt = no\ndistinguished_name = subject\nx509_extensions = extensions\n'
    printf '[subject]\nCN = %s\n[extensions]\n' "$1"
    printf '%s\n' "${@:2}"
}

make_ca() { # DIR
    if [[ -s $1/ca && -s $1/ca-key ]]; then return; fi
    if [[ -s $1/ca ]]; then # the key is written first
        echo "certificates: $1/ca-key is lost: restore it, or remove ca for a new CA" >&2
        exit 1
    fi
    config "Riada private CA $(openssl rand -hex 4)" 'basicConstraints = critical, CA:true, pathlen:0' \
        'keyUsage = critical, keyCertSign, cRLSign' 'subjectKeyIdentifier = hash' >"$work/ca.conf"
    openssl req -x509 -config "$work/ca.conf" "${key[@]}" -sha256 -days "$ca_days" \
        -keyout "$work/ca-key" -out "$work/ca" 2>"$work/log" || fail
    write "$1/ca-key" 0400 <"$work/ca-key"
    write "$1/ca" 0444 <"$work/ca"
}

names() { # FILE → the DNS names of its certificate, e.g. "localhost,postgres"
    openssl x509 -in "$1" -noout -ext subjectAltName 2>/dev/null | grep -o 'DNS:[^, ]*' | cut -d: -f2 | sort \
        | paste -sd, || true
}

usable() { # DIR FILE: is it complete, of this CA, and valid for long enough?
    openssl x509 -in "$2" -noout -checkend "$renew_s" >/dev/null 2>&1 \
        && openssl verify -CAfile "$1/ca" "$2" >/dev/null 2>&1 \
        && [[ $(openssl x509 -in "$2" -noout -pubkey) == "$(openssl pkey -in "$2" -pubout 2>/dev/null)" ]]
}

purposes() { # SERVICE NAMES → extended key usage
    if [[ $1 =~ ^(.+)-[0-9]+$ && ,$2, == *,"${BASH_REMATCH[1]}",* ]]; then
        echo 'serverAuth, clientAuth'
    else
        echo serverAuth
    fi
}

make_certificate() { # DIR SERVICE NAMES
    local dir=$1 service=$2 wanted file=$1/tls-$2
    wanted=$(tr ',' '\n' <<<"$3" | sort -u | paste -sd,)
    if [[ $(names "$file") == "$wanted" ]] && usable "$dir" "$file"; then return; fi
    config "$service" 'basicConstraints = critical, CA:false' 'keyUsage = critical, digitalSignature' \
        "extendedKeyUsage = $(purposes "$service" "$wanted")" 'subjectKeyIdentifier = hash' \
        'authorityKeyIdentifier = keyid' "subjectAltName = DNS:${wanted//,/, DNS:}" >"$work/$service.conf"
    {
        openssl req -new -config "$work/$service.conf" "${key[@]}" -keyout "$work/$service.key" -out "$work/$service.csr" \
            && openssl x509 -req -in "$work/$service.csr" -CA "$dir/ca" -CAkey "$dir/ca-key" -sha256 -days "$days" \
                -set_serial "0x$(openssl rand -hex 16)" -extfile "$work/$service.conf" -extensions extensions \
                -out "$work/$service.crt"
    } >"$work/log" 2>&1 || fail
    cat "$work/$service.key" "$work/$service.crt" | write "$file" 0444
}

fail() {
    echo "certificates: openssl failed: $(tail -n 3 "$work/log")" >&2
    exit 1
}

command -v openssl >/dev/null || {
    echo "certificates: openssl is not installed: apt-get install openssl" >&2
    exit 1
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

case ${1:-} in
    make)
        [[ $# -ge 3 ]] || usage
        mkdir -p "$2"
        chmod 0700 "$2"
        make_ca "$2"
        for service in "${@:3}"; do
            make_certificate "$2" "${service%%=*}" "${service#*=}"
        done
        ;;
    renew)
        [[ $# -eq 2 ]] || usage
        for file in "$2"/tls-*; do
            known=$(names "$file")
            [[ -n $known && -s $2/ca-key ]] || continue # make replaces an incomplete one
            make_certificate "$2" "${file##*/tls-}" "$known"
        done
        ;;
    -h | --help) usage 0 ;;
    *) usage ;;
esac
