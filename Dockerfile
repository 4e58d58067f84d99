# A node in a container. The distribution comes from Maven: mvn -DskipTests package, then docker build.
FROM eclipse-temurin:17-jre

RUN groupadd --gid 7070 seawall \
    && useradd --uid 7070 --gid 7070 --home-dir /data --no-create-home --shell /usr/sbin/nologin seawall \
    && mkdir /data /segments \
    && chown seawall:seawall /data /segments

# Without broker-libs: those are for dev mode, and .dockerignore keeps them out of the context.
COPY cli/target/dist/ /opt/seawall/

# Commands start faster with an archive of the classes, which belongs to this Java and this place of the jars.
RUN ["/opt/seawall/bin/seawall", "prepare"]

# A node that listens on the container's loopback reaches nobody. It listens further only with TLS and certificates of clients, or
# if the one who runs it says so: SEAWALL_INSECURE_BIND=true. Without that, the node refuses to start and names the settings.
ENV SEAWALL_DATA_DIR=/data \
    SEAWALL_HTTP_HOST=0.0.0.0

USER seawall
WORKDIR /data
VOLUME /data
EXPOSE 7070 7071

# Bash alone, as not every base image has curl. It has no TLS: then a port that takes connections has to do.
HEALTHCHECK --interval=5s --timeout=5s --start-period=30s --retries=3 CMD ["bash", "-c", \
    "exec 3<>/dev/tcp/127.0.0.1/${SEAWALL_HTTP_PORT:-7070} && if [ -n \"$SEAWALL_TLS_CERTIFICATE\" ]; then exit 0; fi && printf 'GET /readyz HTTP/1.0\\r\\n\\r\\n' >&3 && read -r _ status _ <&3 && [ \"$status\" = 200 ]"]

ENTRYPOINT ["/opt/seawall/bin/seawall"]
CMD ["node"]
