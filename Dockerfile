# A node in a container, from a clone alone: the first stage runs Maven. If Maven has run on this machine already, as with
# mvn -DskipTests package, the stage takes that distribution, and needs no more than a shell: then
# --build-arg BUILD_IMAGE=eclipse-temurin:17-jre saves the download of an image with Maven.
ARG BUILD_IMAGE=maven:3.9-eclipse-temurin-17
FROM ${BUILD_IMAGE} AS build
WORKDIR /src
COPY . .
# The modules that the command line needs, without tests, and without the brokers of dev mode.
RUN if [ ! -d cli/target/dist ]; then mvn -B -ntp -DskipTests -pl cli -am package; fi \
    && rm -rf cli/target/dist/broker-libs \
    && mv cli/target/dist /dist

FROM eclipse-temurin:17-jre

RUN groupadd --gid 7070 seawall \
    && useradd --uid 7070 --gid 7070 --home-dir /data --no-create-home --shell /usr/sbin/nologin seawall \
    && mkdir /data /segments \
    && chown seawall:seawall /data /segments

COPY --from=build /dist/ /opt/seawall/

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
