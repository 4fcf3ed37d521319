// The effects of every stem and of the mix, in the order that the sound goes through them.
import QtQuick
import QtQuick.Controls.Basic as Basic
import QtQuick.Layouts

Surface {
    id: page
    function choose(from, stem) {
        const at = from.mapToItem(page, 0, from.height + 4);
        picker.stem = stem;
        picker.x = Math.max(4, Math.min(at.x, page.width - picker.width - 4));
        picker.y = Math.max(4, Math.min(at.y, page.height - picker.implicitHeight - 4));
        picker.open();
    }
    EffectPicker { id: picker }
    FollowFocus { flickable: scroll.contentItem }
    Basic.ScrollView {
        id: scroll
        anchors.fill: parent
        anchors.margins: Theme.padding
        layer.enabled: GraphicsInfo.api === GraphicsInfo.Software  // which cuts shapes off, too
        rightPadding: Theme.padding  // the bar's
        Basic.ScrollBar.vertical.policy: contentHeight > height ? Basic.ScrollBar.AlwaysOn : Basic.ScrollBar.AsNeeded
        contentWidth: Math.max(availableWidth, effects.chains.length * 190)
        RowLayout {
            width: scroll.contentWidth
            spacing: Theme.gap
            Repeater {
                model: effects.chains
                ColumnLayout {
                    id: chain
                    required property string modelData
                    property var rack: effects.effects(modelData)
                    Connections { target: effects; function onChanged(stem) { if (stem === chain.modelData) chain.rack = effects.effects(stem); } }
                    Layout.alignment: Qt.AlignTop
                    Layout.fillWidth: true
                    Layout.preferredWidth: 100
                    spacing: Theme.gap
                    Text { text: chain.modelData; color: Theme.of(chain.modelData); font.pixelSize: Theme.large; font.weight: Font.DemiBold }
                    Caption { visible: chain.rack.length === 0; text: qsTr("no effects"); Layout.fillWidth: true }
                    Repeater {
                        model: chain.rack
                        EffectCard {
                            required property var modelData
                            required property int index
                            stem: chain.modelData
                            place: index
                            last: index === chain.rack.length - 1
                            effect: modelData
                            tint: Theme.of(chain.modelData)
                            Layout.fillWidth: true
                        }
                    }
                    Button {
                        objectName: "add effect " + chain.modelData
                        text: "+"
                        tip: qsTr("one more effect for %1").arg(chain.modelData)
                        Layout.fillWidth: true
                        onClicked: page.choose(this, chain.modelData)
                    }
                }
            }
        }
    }
}
