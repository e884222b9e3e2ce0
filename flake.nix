{
  description = "Checks that every ONNX Runtime variant of a Flox repository says the same thing everywhere";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs =
    { self, nixpkgs }:
    let
      systems = [ "x86_64-linux" "aarch64-linux" "x86_64-darwin" "aarch64-darwin" ];
      forEachSystem = make: nixpkgs.lib.genAttrs systems (system: make nixpkgs.legacyPackages.${system});
    in
    {
      packages = forEachSystem (pkgs: rec {
        nixlint-ort = pkgs.callPackage ./package.nix { };
        default = nixlint-ort;
      });

      apps = forEachSystem (pkgs: {
        default = {
          type = "app";
          program = "${self.packages.${pkgs.stdenv.hostPlatform.system}.default}/bin/nixlint-ort";
        };
      });

      overlays.default = final: prev: { nixlint-ort = final.callPackage ./package.nix { }; };

      checks = forEachSystem (pkgs: {
        variants = pkgs.runCommand "nixlint-ort-check" { } ''
          cd ${self} && ${self.packages.${pkgs.stdenv.hostPlatform.system}.default}/bin/nixlint-ort --no-cache && touch $out
        '';
      });

      devShells = forEachSystem (pkgs: {
        default = pkgs.mkShell {
          packages =
            [ pkgs.python3 pkgs.gnumake pkgs.nix pkgs.neovim ]
            ++ nixpkgs.lib.optional pkgs.stdenv.hostPlatform.isLinux pkgs.chromium;
        };
      });
    };
}
