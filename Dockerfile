# Parallax in a slim image: non-root, read-only root, data in a volume, no network needed at run time.
#
#   docker build -t parallax .
#   docker run --read-only --tmpfs /tmp -v parallax:/data -p 127.0.0.1:8000:8000 parallax
FROM python:3.11-slim AS build
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY service service
COPY models models
COPY alignment alignment
RUN python -m venv /opt/parallax \
 && /opt/parallax/bin/pip install --no-cache-dir --disable-pip-version-check -c constraints.txt '.[postgres]'

FROM python:3.11-slim
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin parallax \
 && install -d -o parallax -g parallax /data
COPY --from=build /opt/parallax /opt/parallax
COPY samples /opt/parallax/samples
ENV PATH=/opt/parallax/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PARALLAX_DATA_FOLDER=/data \
    PARALLAX_HOST=0.0.0.0 \
    HOME=/data \
    XDG_DATA_HOME=/data/argos XDG_CONFIG_HOME=/data/argos XDG_CACHE_HOME=/tmp
USER parallax
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/health', timeout=2)"]
ENTRYPOINT ["parallax"]
CMD ["serve"]
