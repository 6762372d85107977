# Sourced by millrace and .ci/run: finds a JDK, sets JAVA_HOME. Reads the JDKs' own release files, so it starts no JVM.

JDK_WANTED=25

# jdk_fits HOME: whether there is a JDK of the wanted version or a later one.
jdk_fits() {
    [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
    while IFS= read -r jdk_line; do
        case $jdk_line in
            JAVA_VERSION=*)
                jdk_major=${jdk_line#*\"}
                jdk_major=${jdk_major%%[!0-9]*}
                [ "${jdk_major:-0}" -ge "$JDK_WANTED" ]
                return
                ;;
        esac
    done <"$1/release"
    return 1
}

# jdk_of_path: the home of the java on the PATH, through its symbolic links.
jdk_of_path() {
    jdk_java=$(command -v java) || return 1
    while [ -L "$jdk_java" ]; do
        jdk_target=$(readlink "$jdk_java") || return 1
        case $jdk_target in
            /*) jdk_java=$jdk_target ;;
            *) jdk_java=$(dirname "$jdk_java")/$jdk_target ;;
        esac
    done
    dirname "$(dirname "$jdk_java")"
}

# find_jdk: sets and exports JAVA_HOME, or fails. Homes are tried in order: what you chose comes first.
find_jdk() {
    if [ -n "${JAVA_HOME:-}" ] && jdk_fits "$JAVA_HOME"; then
        export JAVA_HOME
        return 0
    fi
    for jdk_home in "$(jdk_of_path)" /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* \
        "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/* "${HOME:-}"/.asdf/installs/java/* \
        "${HOME:-}"/.local/share/mise/installs/java/* "${HOME:-}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
        /Library/Java/JavaVirtualMachines/*/Contents/Home /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
        if [ -n "$jdk_home" ] && jdk_fits "$jdk_home"; then
            JAVA_HOME=$jdk_home
            export JAVA_HOME
            return 0
        fi
    done
    if [ -x /usr/libexec/java_home ]; then
        jdk_home=$(/usr/libexec/java_home -v "$JDK_WANTED+" 2>/dev/null) && jdk_fits "$jdk_home" || return 1
        JAVA_HOME=$jdk_home
        export JAVA_HOME
        return 0
    fi
    return 1
}
